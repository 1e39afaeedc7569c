package io.lvs4j.keepalived;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lvs4j.api.Endpoint;
import io.lvs4j.api.InvalidConfigurationException;
import io.lvs4j.api.Program;
import io.lvs4j.api.vrrp.TrackerSource;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Each trap of the grammar: quotes, comments, braces, definitions, conditions, sequences. */
class GrammarTest {
  private static String routerId(String... lines) {
    var text = "global_defs {\n" + String.join("\n", lines) + "\n}\n";
    return Read.text(text).definitions().routerId().orElse("(none)");
  }

  /** The virtual addresses of an instance whose block has these lines, and nothing else told. */
  private static List<String> addresses(String before, String... lines) {
    var read =
        Read.text(
            before
                + "vrrp_instance VI_1 {\ninterface eth0\nvirtual_router_id 51\nvirtual_ipaddress {\n"
                + String.join("\n", lines)
                + "\n}\n}\n");
    assertThat(Read.told(read)).isEmpty();
    return read.vrrpInstances().getFirst().virtualAddresses().stream()
        .map(address -> Endpoint.literal(address.address()))
        .toList();
  }

  @Test
  void commentsBeginWithEitherSignAnywhereOutsideOfQuotes() {
    assertThat(routerId("router_id a#b")).isEqualTo("a");
    assertThat(routerId("router_id a!b")).isEqualTo("a");
    assertThat(routerId("router_id \"a#b!c\" # d")).isEqualTo("a#b!c");
    assertThat(routerId("router_id a\\#b\\!c")).isEqualTo("a#b!c");
    assertThat(routerId("!router_id a", "#router_id b")).isEqualTo("(none)");
  }

  @Test
  void doubleQuotesHoldAWordTogetherAndEndTheOneBefore() {
    assertThat(routerId("router_id \"a b\"")).isEqualTo("a b");
    assertThat(Read.told("global_defs {\n router_id a\"b\"\n}\n"))
        .containsExactly(
            "2:13: error: router_id: 'b' and what follows is left out"
                + " (expected: one keyword on a line)");
    assertThat(routerId("router_id 'a")).isEqualTo("'a");
  }

  @Test
  void aLonelyQuoteCostsItsLineAndNoOther() {
    var read =
        Read.text("global_defs {\n router_id \"abc\n vrrp_version 3\n}\n" + Read.instanceText());

    assertThat(Read.told(read))
        .containsExactly(
            "2:12: error: quote without its other end: the line is left out (expected: \"...\")");
    assertThat(read.vrrpInstances().getFirst().version().number()).isEqualTo(3);
  }

  @Test
  void aLonelyQuoteBeforeABraceCostsTheBlock() {
    var read = Read.text("vrrp_instance \"VI_0 {\n interface eth1\n}\n" + Read.instanceText());

    assertThat(read.vrrpInstances()).extracting(each -> each.name()).containsExactly("VI_1");
    assertThat(Read.told(read)).hasSize(1);
  }

  @Test
  void bracesMayStandOnAnyLine() {
    assertThat(Read.told("global_defs { router_id a }\n")).isEmpty();
    assertThat(Read.told("global_defs\n\n{\nrouter_id a\n}\n")).isEmpty();
    assertThat(Read.told("global_defs{\nrouter_id a}\n")).isEmpty();
    assertThat(addresses("", "10.0.0.1 } virtual_ipaddress_excluded {"))
        .containsExactly("10.0.0.1");
  }

  @Test
  void aBraceTooFewOrTooManyIsToldWhereItIs() {
    assertThat(Read.told("global_defs {\n router_id a\n"))
        .containsExactly(
            "1:1: error: block 'global_defs' has no end (expected: '}' before the end of the"
                + " file)");
    assertThat(Read.told("}\nglobal_defs {\n}\n"))
        .containsExactly("1:1: error: '}' without '{' (expected: one for each)");
    assertThat(Read.told("{\n router_id a\n}\n"))
        .containsExactly(
            "1:1: error: '{' without a keyword: the block is left out (expected: a keyword)");
    assertThat(Read.told("global_defs {\n router_id a {\n vrrp_version 3\n }\n}\n"))
        .containsExactly("2:2: error: router_id: a block, which is left out (expected: none)");
  }

  @Test
  void linesMayEndAsOnWindows() {
    assertThat(routerId("router_id a\r")).isEqualTo("a");
    assertThat(Read.told("\ufeffglobal_defs {\r\n router_id a\r\n}\r\n")).isEmpty();
  }

  @Test
  void aLineWithNulIsLeftOut() {
    assertThat(Read.told("global_defs {\n router_id a\0b\n}\n"))
        .containsExactly("2:1: error: line with a NUL byte (expected: text)");
  }

  @Test
  void definitionsArePutInWhereTheyAreUsed() {
    assertThat(
            addresses(
                "$BASE=10.2.${SUB}\n",
                "$SUB=0",
                "${BASE}.100/32",
                "$SUB=10",
                "${BASE}.100/32",
                "  $LAST=10.9.9.9",
                "$LAST"))
        .containsExactly("10.2.0.100", "10.2.10.100", "10.9.9.9");
  }

  @Test
  void aNameWithoutBracesEndsAtABlankACommaOrAParenthesis() {
    var before = "$N=1\n$IP=10.0.0.7\n";
    assertThat(addresses(before, "$IP dev eth0")).containsExactly("10.0.0.7");
    assertThat(routerId("$A=x", "router_id $A.y")).isEqualTo("$A.y");
    assertThat(routerId("$A=x", "router_id ${A}.y")).isEqualTo("x.y");
    assertThat(routerId("$A=x", "router_id $A$A")).isEqualTo("$Ax");
    assertThat(addresses("$MOST=3\n", "~SEQ(I,1,$MOST) 10.0.0.$I"))
        .containsExactly("10.0.0.1", "10.0.0.2", "10.0.0.3");
  }

  @Test
  void whatIsNotDefinedStaysAsItIs() {
    assertThat(routerId("router_id a${NOT}b$C")).isEqualTo("a${NOT}b$C");
    assertThat(routerId("$E=", "router_id a${E}b")).isEqualTo("ab");
  }

  @Test
  void aDefinitionOfSeveralLinesIsReadAsIfItStoodThere() {
    var read =
        Read.text(
            """
            $INSTANCE= \\
            vrrp_instance VI_${NUM} { \\
              interface eth0.${NUM} \\
              virtual_router_id ${NUM} \\
              @main priority 130 \\
              @other priority 120 \\
              virtual_ipaddress { \\
                10.0.${NUM}.254/24 \\
              } \\
            }
            $NUM=1
            $INSTANCE
            $NUM=2
            $INSTANCE
            """);

    assertThat(Read.told(read)).isEmpty();
    assertThat(read.vrrpInstances())
        .extracting(each -> each.name() + " " + each.priority() + " " + each.virtualAddresses())
        .containsExactly("VI_1 130 [10.0.1.254/24]", "VI_2 130 [10.0.2.254/24]");
  }

  @Test
  void definitionsOfSeveralLinesMayUseEachOther() {
    var read =
        Read.text(
            """
            $RS= \\
            real_server 192.0.${VS}.${RS_NUM} 80 { \\
              weight ${RS_NUM} \\
            }
            $VS_ALL= \\
            virtual_server 10.0.${VS}.4 80 { \\
              protocol TCP \\
              $RS_NUM=1 \\
              $RS \\
              $RS_NUM=2 \\
              $RS \\
            }
            $VS=0
            $VS_ALL
            $VS=1
            $VS_ALL
            """);

    assertThat(Read.told(read)).isEmpty();
    assertThat(read.virtualServers())
        .extracting(each -> each.id() + " " + each.realServers())
        .containsExactly(
            "10.0.0.4:80/tcp [192.0.0.1:80 weight 1, 192.0.0.2:80 weight 2]",
            "10.0.1.4:80/tcp [192.0.1.1:80 weight 1, 192.0.1.2:80 weight 2]");
  }

  @Test
  void aDefinitionOfSeveralLinesHasToComeLast() {
    assertThat(Read.told("$M= \\\nrouter_id a \\\nvrrp_version 3\nglobal_defs {\n$M behind\n}\n"))
        .contains("5:1: error: $M: has several lines (expected: at the end of its line)");
    var read =
        Read.text(
            "$M= \\\na \\\nvrrp_version 3\nglobal_defs {\nrouter_id $M\n}\n" + Read.instanceText());
    assertThat(read.definitions().routerId()).contains("a");
    assertThat(read.vrrpInstances().getFirst().version().number()).isEqualTo(3);
  }

  @Test
  void aDefinitionThatNamesItselfHasNoEndAndIsToldOnce() {
    assertThat(Read.told("$A=x${A}\nglobal_defs {\nrouter_id ${A}\n}\n"))
        .containsExactly(
            "3:1: error: $A: has no end (expected: a definition that doesn't name itself)");
    assertThat(Read.told("$M= \\\n$M \\\n$M\nglobal_defs {\n$M\n}\n"))
        .containsExactly(
            "5:1: error: $M: has no end (expected: a definition that doesn't name itself)");
    assertThat(Read.told("$M= \\\nx \\\n$M\nglobal_defs {\n$M\n}\n"))
        .contains("3:1: error: definitions without end (expected: none that names itself)");
  }

  @Test
  void whatIsBuiltIn() {
    assertThat(routerId("router_id ${_INSTANCE}")).isEqualTo("main");
    assertThat(routerId("router_id ${_ENV SITE}")).isEqualTo("berlin");
    assertThat(routerId("router_id ${_ENV NONE}x")).isEqualTo("${_ENV");
    assertThat(routerId("router_id a${_HASH}b${_BANG}")).isEqualTo("a#b!");
    assertThat(routerId("router_id r${_RANDOM 7 7}")).isEqualTo("r7");
    assertThat(routerId("random_seed 5", "router_id ${_RANDOM}"))
        .isEqualTo(routerId("${_RANDOM}", "random_seed 5", "router_id ${_RANDOM}"))
        .matches("[0-9]{1,5}");
  }

  @Test
  void aConditionDecidesAboutItsLine() {
    assertThat(routerId("@main router_id a", "@other router_id b")).isEqualTo("a");
    assertThat(routerId("@^main router_id a", "@^other router_id b")).isEqualTo("b");
    assertThat(routerId("@other $A=1", "@main $A=2", "router_id $A")).isEqualTo("2");
    assertThat(routerId("$IF=@main", "$IF router_id a")).isEqualTo("a");
    assertThat(routerId("$IF=@other", "$IF router_id a")).isEqualTo("(none)");
  }

  @Test
  void aConditionOnADefinitionOfSeveralLinesHoldsForAllOfThem() {
    assertThat(Read.told("@other $M= \\\nnonsense a \\\nnonsense b\nglobal_defs {\n}\n")).isEmpty();
  }

  @Test
  void sequencesCount() {
    assertThat(addresses("", "~SEQ(I, 0, 3) 10.0.${I}.1"))
        .containsExactly("10.0.0.1", "10.0.1.1", "10.0.2.1", "10.0.3.1");
    assertThat(addresses("", "~SEQ(I, 2) 10.0.${I}.1")).containsExactly("10.0.1.1", "10.0.2.1");
    assertThat(addresses("", "~SEQ(I, 5, -2, 1) 10.0.${I}.1"))
        .containsExactly("10.0.5.1", "10.0.3.1", "10.0.1.1");
    assertThat(addresses("", "~SEQ(I, 3, 1) 10.0.${I}.1"))
        .containsExactly("10.0.3.1", "10.0.2.1", "10.0.1.1");
    assertThat(addresses("", "~SEQx(I, 0x90, 0x10, 0xb0) fe80::20:${I}:1"))
        .containsExactly("fe80::20:90:1", "fe80::20:a0:1", "fe80::20:b0:1");
  }

  @Test
  void listsName() {
    assertThat(addresses("", "~LST(I, 1, 4, 9) 10.0.0.${I}"))
        .containsExactly("10.0.0.1", "10.0.0.4", "10.0.0.9");
    assertThat(addresses("", "~LST({A, B}, {10,1},{20,4}) 192.168.${A}.${B}"))
        .containsExactly("192.168.10.1", "192.168.20.4");
  }

  @Test
  void sequencesNestFromLeftToRight() {
    assertThat(addresses("", "~LST({A,B},{10,1},{20,4}) ~SEQ(C,168,2,170) 192.${C}.${A}.${B}"))
        .containsExactly("192.168.10.1", "192.170.10.1", "192.168.20.4", "192.170.20.4");
    var read =
        Read.text(
            """
            $VI= \\
            vrrp_instance VI_${IF}_${ID} { \\
              interface eth${IF} \\
              virtual_router_id ${ID} \\
              virtual_ipaddress { \\
                10.0.${IF}.${ID} \\
              } \\
            }
            ~SEQ(IF,0,1) ~SEQ(ID,1,3) $VI
            """);
    assertThat(Read.told(read)).isEmpty();
    assertThat(read.vrrpInstances())
        .extracting(each -> each.name())
        .containsExactly("VI_0_1", "VI_0_2", "VI_0_3", "VI_1_1", "VI_1_2", "VI_1_3");
  }

  @Test
  void aSequenceThatIsNoneIsTold() {
    assertThat(Read.told("~SEQ(I,1,0,3) x\n~SEQ(,3) x\n~SEQ(I,a) x\n~LST(I) x\n~SEQ(I,3 x\n"))
        .containsExactly(
            "1:1: error: '~SEQ(I,1,0,3)': not understood (expected: (name, [start, [step,]] end))",
            "2:1: error: '~SEQ(,3)': not understood (expected: (name, [start, [step,]] end))",
            "3:1: error: '~SEQ(I,a)': not understood (expected: (name, [start, [step,]] end))",
            "4:1: error: '~LST(I)': not understood (expected: (name, value, ...) or ({names},"
                + " {values}, ...))",
            "5:1: error: ~SEQ: no ')' (expected: one)");
  }

  /** What is read of it would be half of what somebody meant. */
  private static void tooMuch(String text, String limit) {
    assertThatThrownBy(() -> Read.text(text))
        .isInstanceOf(InvalidConfigurationException.class)
        .hasMessageContaining("k.conf:")
        .hasMessageContaining("too much to read (expected: at most " + limit);
  }

  @Test
  void aTextWithoutEndIsRefusedAsAWhole() {
    tooMuch("~SEQ(I,1,2000000000) $NOTHING=${I}\n", "2000000 lines");
    tooMuch("~SEQ(I,1,2000000000) ~SEQ(J,1,2000000000)\n", "2000000 lines");
    tooMuch("~SEQ(I,1,3000) ~SEQ(J,1,3000) x\n", "1000000 lines and 64 MiB");
    var values = "v,".repeat(30_000) + "v";
    tooMuch("~SEQ(I,1,2000000000) ~LST(J," + values + ")\n", "");
    var doubled = new StringBuilder("$A0=0123456789\n");
    var lines = new StringBuilder("$L0= \\\n x\n");
    for (int i = 1; i <= 30; i++) {
      doubled.append("$A%d=${A%d}${A%d}\n".formatted(i, i - 1, i - 1));
      lines.append("$L%d= \\\n x $L%d \\\n x $L%d\n".formatted(i, i - 1, i - 1));
    }
    tooMuch(doubled + "router_id ${A9}\n".repeat(20_000), "");
    tooMuch(doubled + "router_id ${A30}\n".repeat(20_000), "256 MiB put in");
    assertThat(Read.told(doubled + "router_id ${A30}\n")).hasSize(1);
    assertThat(Read.told(lines + "$L30\n")).isNotEmpty();
  }

  @Test
  void aThousandDiagnosticsAreEnough() {
    var text = new StringBuilder();
    IntStream.range(0, 5000).forEach(i -> text.append("nonsense").append(i).append('\n'));

    assertThat(Read.told(text.toString()))
        .hasSize(1001)
        .last()
        .isEqualTo("1001:1: warning: 4000 more, from here on");
  }

  @Test
  void commandsHaveTheirArgumentsInQuotes() {
    var tracker = tracker("script \"killall -0 nginx\"");
    assertThat(tracker).isEqualTo(List.of("killall", "-0", "nginx"));
    assertThat(tracker("script \"/bin/sh -c 'test -e /run/down && exit 1'\""))
        .isEqualTo(List.of("/bin/sh", "-c", "test -e /run/down && exit 1"));
    assertThat(tracker("script /bin/true")).isEqualTo(List.of("/bin/true"));
    assertThat(tracker("script /a\" b\"")).isEqualTo(List.of("/a", "b"));
  }

  /** As keepalived 2.2.7 was seen to hand them to a program. */
  @Test
  void quotesAndBackslashesOfACommandAreTakenOffTwice() {
    assertThat(
            tracker(
                """
                script "/p a\\tb a\\|b 'c\\td' g\\\\h i\\\\\\\\j k' l 'm \\"n o\\" \\'r s\\' '' t\\#u v#w x!y {z}"
                """))
        .isEqualTo(
            List.of(
                "/p", "a", "b", "a|b", "c\td", "gh", "i\\j", "k l m", "n o", "r s", "", "t#u",
                "v#w", "x!y", "{z}"));
  }

  @Test
  void aShellHasToBeAskedFor() {
    assertThat(Read.told("vrrp_script s {\n script \"[ -e /run/down ] && exit 1 || exit 0\"\n}\n"))
        .containsExactly(
            "2:2: warning: script: '&&' is an argument of [, for there is no shell"
                + " (expected: /bin/sh -c '...')");
    assertThat(Read.told("vrrp_script s {\n script /bin/test -e /run/down\n}\n"))
        .containsExactly(
            "2:2: warning: script: '-e' and what follows is left out"
                + " (expected: arguments within the quotes of the command)");
  }

  @Test
  void noProgramGetsMoreRightsThanTheFileGivesIt() {
    var text =
        """
        vrrp_script s {
          script /bin/true
        }
        global_defs {
          script_user nobody
        }
        """;
    assertThat(Read.told(text)).isEmpty();
    var app = Read.reader().user("app").build().read("k.conf", text, Path.of("."));
    assertThat(Read.told(app))
        .containsExactly(
            "2:3: warning: script: user 'nobody' (expected: 'app', whom the application runs"
                + " as, and the program with it)");
  }

  private static List<String> tracker(String line) {
    var read =
        Read.text(
            "vrrp_script s {\n" + line + "\n}\n" + Read.instanceText("track_script {", "s", "}"));
    assertThat(Read.told(read)).isEmpty();
    return read.vrrpInstances().getFirst().trackers().getFirst().source()
            instanceof TrackerSource.Script(Program program)
        ? program.command()
        : List.of();
  }
}
