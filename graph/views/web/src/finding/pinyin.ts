/** How Han characters are spelled in pinyin without tones, found out from the order in which the browser sorts them. */
import { compare } from "../words.ts";

const pairs = (table: string) =>
  [...table.matchAll(/(.)([a-z]+)/gu)].map(([, character, syllable]) => [character!, syllable!] as const);

/** The first character of each syllable in that order, of the characters of GB 2312. */
const FIRSTS = pairs(
  "吖a哎ai安an肮ang凹ao八ba掰bai扳ban邦bang勹bao卑bei奔ben崩beng逼bi边bian灬biao憋bie玢bin冫bing拨bo逋bu嚓ca猜cai" +
    "参can仓cang操cao册ce岑cen噌ceng叉cha拆chai觇chan伥chang抄chao车che抻chen柽cheng吃chi充chong抽chou出chu揣chuai" +
    "巛chuan疮chuang吹chui春chun踔chuo呲ci匆cong凑cou粗cu汆cuan崔cui村cun搓cuo哒da呆dai丹dan当dang刀dao得de灯deng氐di" +
    "嗲dia掂dian刁diao爹die丁ding丢diu东dong都dou嘟du端duan堆dui吨dun多duo婀e诶ei恩en儿er发fa帆fan匚fang飞fei分fen" +
    "丰feng缶fou夫fu旮ga该gai甘gan冈gang皋gao戈ge给gei根gen庚geng工gong勾gou估gu瓜gua乖guai关guan光guang归gui丨gun" +
    "呙guo哈ha咳hai顸han夯hang蒿hao诃he黑hei痕hen亨heng轰hong侯hou乎hu花hua怀huai欢huan肓huang灰hui昏hun耠huo丌ji" +
    "加jia戋jian江jiang艽jiao阶jie巾jin京jing冂jiong纠jiu居ju娟juan噘jue军jun咔ka开kai刊kan康kang尻kao苛ke肯ken吭keng" +
    "空kong抠kou刳ku夸kua蒯kuai宽kuan匡kuang亏kui坤kun扩kuo垃la来lai兰lan啷lang捞lao仂le勒lei塄leng哩li俩lia奁lian" +
    "良liang撩liao咧lie拎lin伶ling溜liu龙long娄lou噜lu驴lv娈luan掠lve抡lun罗luo妈ma埋mai颟man邙mang猫mao么me没mei" +
    "门men虻meng咪mi宀mian喵miao乜mie民min名ming谬miu摸mo哞mou毪mu拿na乃nai囡nan囔nang孬nao疒ne馁nei恁nen能neng嗯ng" +
    "妮ni拈nian娘niang鸟niao捏nie您nin宁ning妞niu农nong耨nou奴nu女nv暖nuan疟nve挪nuo喔o讴ou趴pa拍pai潘pan乓pang抛pao" +
    "呸pei喷pen怦peng丕pi偏pian剽piao氕pie姘pin乒ping钋po剖pou仆pu七qi掐qia千qian呛qiang悄qiao且qie亲qin青qing邛qiong" +
    "丘qiu区qu悛quan炔que逡qun蚺ran禳rang娆rao惹re人ren扔reng日ri戎rong柔rou如ru阮ruan蕤rui闰run若ruo仨sa塞sai三san" +
    "桑sang搔sao色se森sen僧seng杀sha筛shai山shan伤shang捎shao奢she谁shei申shen升sheng尸shi收shou书shu刷shua衰shuai" +
    "闩shuan双shuang水shui吮shun说shuo厶si忪song嗖sou苏su狻suan虽sui孙sun唆suo他ta胎tai坍tan汤tang涛tao忑te疼teng剔ti" +
    "天tian佻tiao帖tie厅ting通tong偷tou凸tu湍tuan推tui吞tun乇tuo挖wa歪wai弯wan尢wang危wei温wen翁weng挝wo乌wu夕xi呷xia" +
    "仙xian乡xiang枭xiao些xie心xin星xing凶xiong休xiu吁xu轩xuan削xue勋xun丫ya恹yan央yang幺yao掖ye一yi因yin应ying哟yo" +
    "佣yong优you纡yu鸢yuan曰yue晕yun匝za灾zai糌zan赃zang遭zao则ze贼zei怎zen增zeng扎zha斋zhai沾zhan张zhang钊zhao蜇zhe" +
    "贞zhen争zheng之zhi中zhong州zhou朱zhu抓zhua拽zhuai专zhuan妆zhuang隹zhui肫zhun拙zhuo孜zi宗zong邹zou租zu钻zuan嘴zui" +
    "尊zun嘬zuo",
);

/** Readings that the order does not tell, of characters that stand in names of places, firms and industries. */
const MORE = pairs(
  "地di长chang重chong行hang都du乐yue会kuai校jiao调tiao朝zhao厦xia单shan曾zeng藏zang传zhuan解xie率lv给ji佛fo阿e" +
    "参shen便pian模mu还huan区ou朴piao蔚yu尉yu泌bi泊po蚌beng六lu番pan铅yan峙shi浚xun茄qie桔ju纤qian圈juan屏bing粘nian" +
    "卡qia削xiao着zhuo弹tan拓tuo埔pu仔zai椎zhui咳ke壳qiao差chai宿xiu塞sai涡guo了liao",
);

// A browser without this order sorts by code point, which has 八 before 啊.
const known = compare("啊", "八") < 0;
const spellings = new Map<string, readonly string[]>();

/** The syllables that a character is read as, none for other than Han characters; ü is v, as on keyboards, and u. */
export function spellingsOf(character: string): readonly string[] {
  let found = spellings.get(character);
  if (!found) {
    found = known && /^\p{Script=Han}$/u.test(character) ? spelled(character) : [];
    spellings.set(character, found);
  }
  return found;
}

function spelled(character: string): string[] {
  let [low, high] = [0, FIRSTS.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (compare(FIRSTS[middle]![0], character) <= 0) low = middle + 1;
    else high = middle;
  }
  const syllables = MORE.filter(([one]) => one === character).map(([, syllable]) => syllable);
  if (low) syllables.unshift(FIRSTS[low - 1]![1]);
  return syllables.flatMap((one) => (one.includes("v") ? [one, one.replace("v", "u")] : [one]));
}
