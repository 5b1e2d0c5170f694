import java.io.File;
import org.semanticweb.HermiT.Configuration;
import org.semanticweb.HermiT.Reasoner;
import org.semanticweb.owlapi.apibinding.OWLManager;
import org.semanticweb.owlapi.model.OWLOntology;
import org.semanticweb.owlapi.model.OWLOntologyCreationException;
import org.semanticweb.owlapi.profiles.OWLProfileViolation;
import org.semanticweb.owlapi.profiles.Profiles;

/**
 * Prints, for each file, whether it is consistent and what in it is outside of OWL 2 RL: lines of file, word and value,
 * tabs between. OWL API judges the profile, HermiT the consistency.
 */
class CheckProfile {
    public static void main(String[] files) throws OWLOntologyCreationException {
        for (String file : files) {
            OWLOntology ontology =
                    OWLManager.createOWLOntologyManager().loadOntologyFromOntologyDocument(new File(file));
            System.out.printf("%s\tconsistent\t%s%n", file, isConsistent(ontology));
            for (OWLProfileViolation violation : Profiles.OWL2_RL.checkOntology(ontology).getViolations()) {
                System.out.printf("%s\tviolation\t%s%n", file, violation);
            }
        }
    }

    private static boolean isConsistent(OWLOntology ontology) {
        Configuration configuration = new Configuration();
        // xsd:gYear, of which OWL 2 knows nothing.
        configuration.ignoreUnsupportedDatatypes = true;
        return new Reasoner(configuration, ontology).isConsistent();
    }
}
