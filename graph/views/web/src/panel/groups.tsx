/** A group of the overview, and what lies between two. */
import type { Group, Node } from "../data.ts";
import { other } from "../data.ts";
import { groupName } from "../picture/labels.ts";
import { edgesBetween } from "../scene.ts";
import { Sign } from "../shared/sign.tsx";
import { focusOn, useExplorer } from "../state.ts";
import { edgeShown, nodeShown } from "../walks.ts";
import { type Bilingual, useWords } from "../words.ts";
import { EdgeRow, Fold, groupsAgain, Part, Row, useStatus } from "./rows.tsx";

interface Words {
  members(count: number): string;
  open: string;
  close: string;
  only: string;
  around: string;
  ties: string;
  and: string;
  relations(count: number): string;
}
const WORDS: Bilingual<Words> = {
  zh: {
    members: (count) => `一组 ${count} 个对象`,
    open: "打开这组",
    close: "合上这组",
    only: "只打开这组",
    around: "看它周围",
    ties: "与别的组的关系",
    and: " 与 ",
    relations: (count) => `之间的 ${count} 条关系`,
  },
  en: {
    members: (count) => `a group of ${count}`,
    open: "Open the group",
    close: "Close the group",
    only: "Open only this one",
    around: "What lies around it",
    ties: "Relations to other groups",
    and: " and ",
    relations: (count) => `${count} relation${count === 1 ? "" : "s"} between them`,
  },
};

export function GroupView({ group }: { group: Group }) {
  const { graph, state, language, go } = useExplorer();
  const words = useWords(WORDS);
  const nameOf = useStatus();
  const members = group.members.filter((node) => nodeShown(state, node));
  const drawn = !state.focus && !state.path;
  const isOpen = drawn && state.open.has(group);
  const ties = (node: Node) => graph.edgesOf(node).filter((edge) => edgeShown(state, edge));
  const byTies = (one: Node, another: Node) => ties(another).length - ties(one).length;

  const away = new Map<Group, number>();
  for (const node of members)
    for (const edge of ties(node)) {
      const there = graph.groups[other(edge, node).group];
      if (there && there !== group) away.set(there, (away.get(there) ?? 0) + 1);
    }
  const strongest = [...away].sort(([, one], [, another]) => another - one);
  const open = (groups: Iterable<Group>) => go({ ...groupsAgain, open: new Set(groups) });
  return (
    <>
      <p class="quiet">{words.members(members.length)}</p>
      <h2 tabIndex={-1}>{groupName(graph, group, language)}</h2>
      <p class="actions">
        <button
          type="button"
          class="plain"
          onClick={() => open(isOpen ? [...state.open].filter((one) => one !== group) : [...state.open, group])}
        >
          {isOpen ? words.close : words.open}
        </button>
        {!(isOpen && state.open.size === 1) && (
          <button type="button" class="plain" onClick={() => open([group])}>
            {words.only}
          </button>
        )}
        {group.centre && (
          <button type="button" class="plain" onClick={() => go(focusOn(group.centre!))}>
            {words.around}
          </button>
        )}
      </p>
      {graph.kinds
        .map((kind): [string, Node[]] => [kind, members.filter((node) => node.kind === kind).sort(byTies)])
        .filter(([, nodes]) => nodes.length)
        .map(([kind, nodes]) => (
          <Part
            key={kind}
            title={
              <>
                <Sign style={graph.styles[kind]} /> {graph.term(kind, language)}
              </>
            }
            count={nodes.length}
          >
            <Fold
              items={nodes}
              few={8}
              row={(node) => (
                <Row
                  key={node.index}
                  node={node}
                  note={nameOf(node.about.status)}
                  onClick={() => go({ chosen: { node } })}
                />
              )}
            />
          </Part>
        ))}
      {strongest.length > 0 && (
        <Part title={words.ties}>
          <Fold
            items={strongest}
            few={5}
            row={([there, count]) => (
              <Row
                key={there.index}
                node={there.centre ?? there.members[0]!}
                text={groupName(graph, there, language)}
                note={count}
                onClick={() => go({ chosen: { between: [group, there] } })}
              />
            )}
          />
        </Part>
      )}
    </>
  );
}

export function Between({ groups }: { groups: [Group, Group] }) {
  const { graph, state, language, go } = useExplorer();
  const words = useWords(WORDS);
  const edges = edgesBetween(graph, ...groups).filter((edge) => edgeShown(state, edge));
  const link = (group: Group) => (
    <button type="button" onClick={() => go({ chosen: { group } })}>
      {groupName(graph, group, language)}
    </button>
  );
  return (
    <>
      <h2 class="statement" tabIndex={-1}>
        {link(groups[0])}
        {words.and}
        {link(groups[1])}
      </h2>
      <p class="quiet">{words.relations(edges.length)}</p>
      <Fold items={edges} few={20} row={(edge) => <EdgeRow key={edge.index} edge={edge} />} />
    </>
  );
}
