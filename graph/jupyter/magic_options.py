"""The line of the magic: its options, their help in two languages, and what is wrong with what was written."""

import argparse
import re
from keyword import iskeyword
from typing import Any, NoReturn

from hongtu.loaders.errors import UsageError
from hongtu.loaders.language import say
from hongtu.loaders.tables import nearest

VIEWS = ("table", "graph", "matrix", "chart", "map", "raw")
"""How an answer can be shown."""

# Quotes keep blanks together and stay: they may be those of a Python or SPARQL string.
_WORD = re.compile(r"""(?:"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|\S)+""")


class _Parser(argparse.ArgumentParser):
    """Options of the magic, whose errors are Hongtu's."""

    @property
    def options(self) -> dict[str, str]:
        """The long names of all options, with their help in the user's language."""
        return {
            action.option_strings[0]: say(*str(action.help).split("\n"))
            for action in self._actions
            if action.option_strings
        }

    def error(self, message: str) -> NoReturn:
        raise UsageError(
            say(
                f"选项写错了（{message}）；帮助：%%sparql?",
                f"an option is wrong ({message}); for help: %%sparql?",
            )
        )

    def parse(self, line: str, *, with_query: bool) -> argparse.Namespace:
        """Return the options of a line, and in ``query`` what follows them.

        :param with_query: whether a query may follow.
        :raises UsageError: when an option or its value is wrong, or something follows that should not.
        """
        options, unknown = self.parse_known_args(_WORD.findall(line))
        if unknown:
            raise UsageError(
                say(f"没有选项 {unknown[0]}", f"there is no option {unknown[0]}")
                + (
                    nearest(unknown[0], list(self.options))
                    or say("；有：", "; there are: ") + ", ".join(self.options)
                )
            )
        if options.query and not with_query:
            raise UsageError(
                say(
                    f"“{' '.join(options.query)}”不是选项；查询写在下面的行里",
                    f"“{' '.join(options.query)}” is no option; the query goes on the lines below",
                )
            )
        return options


def read_view(text: str) -> str:
    """Return the name of a view as it is.

    :raises UsageError: when there is no such view.
    """
    if text not in VIEWS:
        raise UsageError(
            say(f"没有视图 {text}", f"there is no view {text}")
            + (nearest(text, list(VIEWS)) or say("；有：", "; there are: ") + ", ".join(VIEWS))
        )
    return text


def _above_zero(text: str) -> float:
    try:
        number = float(unquoted(text).replace(",", ""))
    except ValueError:
        number = 0
    if not 0 < number < float("inf"):
        raise UsageError(
            say(
                f"“{text}”：--limit 和 --timeout 要写大于 0 的数",
                f"“{text}”: --limit and --timeout take a number above 0",
            )
        )
    return number


def _whole(text: str) -> int:
    return max(1, int(_above_zero(text)))


def unquoted(text: str) -> str:
    """Return a word without the quotes around it."""
    return text[1:-1] if len(text) > 1 and text[0] in "\"'" and text[-1] == text[0] else text


def _parser() -> _Parser:
    parser = _Parser(
        prog="%%sparql",
        add_help=False,
        allow_abbrev=False,
        usage=argparse.SUPPRESS,
        formatter_class=lambda prog: argparse.RawTextHelpFormatter(prog, max_help_position=26, width=110),
    )
    options = parser.add_argument_group("选项 · Options")

    def option(*names: str, zh: str, en: str, **settings: Any) -> None:
        options.add_argument(*names, help=f"{zh}\n{en}", **settings)

    option(
        "--kg",
        metavar="NAME",
        type=unquoted,
        zh="图谱所在的变量；不写就用唯一的、上次问过的或最新打开的一个",
        en="variable that holds the graph; by default the only one, the one asked last, or the newest",
    )
    option(
        "--endpoint",
        metavar="URL",
        type=unquoted,
        zh="改问这个远程 SPARQL 端点",
        en="ask this remote SPARQL endpoint instead",
    )
    option(
        "--into",
        metavar="NAME",
        type=_variable,
        zh="把结果存入这个变量",
        en="keep the result in this variable",
    )
    option(
        "--view",
        "-v",
        metavar="VIEW",
        type=read_view,
        zh=f"怎样显示：{' '.join(VIEWS)}（表、图、矩阵、图表、地图、原样）",
        en="how to show it; tables for SELECT, a picture for CONSTRUCT and DESCRIBE by default",
    )
    option(
        "--limit",
        metavar="N",
        type=_whole,
        default=10_000,
        zh="最多取多少行（默认 10,000）",
        en="how many rows to take at most (10,000)",
    )
    option(
        "--timeout",
        metavar="SECONDS",
        type=_above_zero,
        default=60.0,
        zh="多少秒后停下（默认 60）",
        en="seconds after which the query is stopped (60)",
    )
    option(
        "--param",
        metavar="VAR[=EXPR]",
        type=unquoted,
        action="append",
        default=[],
        zh="查询变量取 Python 变量或表达式的值，可写多个；列表是其中任一；值是绑定的，不拼进文字",
        en="value of a variable of the query, from Python, any of a list; may be repeated; it is bound, never pasted",
    )
    option("--quiet", "-q", action="store_true", zh="不显示结果", en="show nothing")
    parser.add_argument("query", nargs=argparse.REMAINDER, help=argparse.SUPPRESS)
    return parser


def _variable(text: str) -> str:
    if not text.isidentifier() or iskeyword(text):
        raise UsageError(
            say(f"--into {text}：不能作变量名", f"--into {text}: no name that a variable can have")
        )
    return text


PARSER = _parser()
"""Reads the line of the magic."""
