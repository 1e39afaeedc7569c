package io.lvs4j.keepalived;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.lvs4j.keepalived.keyword.BlockKeywords;
import io.lvs4j.keepalived.keyword.Keyword;
import io.lvs4j.keepalived.keyword.KeywordTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * keepalived 2.2.7 asked what it knows, by its own test of a configuration. It starts nothing and
 * touches no network.
 */
class KeepalivedItselfTest {
  private static final Pattern UNKNOWN = Pattern.compile("Unknown keyword '([^']*)'");

  /** Those that make even a test do something: change into a namespace, write a file. */
  private static final Set<String> LEFT_ALONE =
      Set.of(
          "net_namespace",
          "net_namespace_ipvs",
          "instance",
          "use_pid_dir",
          "config_save_dir",
          "tmp_config_directory",
          "reload_check_config",
          "reload_time_file",
          "reload_file",
          // Debian's is built without ipsets.
          "vrrp_ipsets",
          // It swallows the line behind its block when there is no file in it; asked by itself.
          "vrrp_track_file");

  @TempDir private static Path directory;

  @BeforeAll
  static void keepalivedIsThere() throws Exception {
    var version =
        Stream.of("/usr/sbin/keepalived", "/usr/local/sbin/keepalived")
            .map(Path::of)
            .filter(Files::isExecutable)
            .findFirst();
    assumeThat(version).as("keepalived, installed").isPresent();
    assumeThat(run(version.get().toString(), "-v")).as("its version").contains("v2.2.7");
  }

  private static String run(String... command) throws IOException, InterruptedException {
    var output = Files.createTempFile(directory, "out", ".txt");
    var process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    if (!process.waitFor(20, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new IllegalStateException(String.join(" ", command) + ": more than 20 s");
    }
    return Files.readString(output);
  }

  /** What keepalived has to say about a text. */
  private static String complaints(String text) throws IOException, InterruptedException {
    var file = Files.writeString(directory.resolve("keepalived.conf"), text);
    return run("keepalived", "-t", "-l", "-i", "main", "-f", file.toString());
  }

  private static Set<String> unknown(String text) throws IOException, InterruptedException {
    return UNKNOWN
        .matcher(complaints(text))
        .results()
        .map(found -> found.group(1))
        .filter(word -> !word.equals("}"))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static String in(BlockKeywords block, String body) {
    var server = "virtual_server 10.0.0.1 80 {\nreal_server 10.0.0.2 80 {\n%s}\n}\n";
    return switch (block.name()) {
      case "(top)" -> body;
      case "virtual_server" -> "virtual_server 10.0.0.1 80 {\n" + body + "}\n";
      case "real_server" -> server.formatted(body);
      case "TCP_CHECK",
          "HTTP_GET",
          "SMTP_CHECK",
          "DNS_CHECK",
          "MISC_CHECK",
          "UDP_CHECK",
          "PING_CHECK",
          "FILE_CHECK",
          "BFD_CHECK" ->
          server.formatted(block.name() + " {\n" + body + "}\n");
      case "url" -> server.formatted("HTTP_GET {\nurl {\n" + body + "}\n}\n");
      case "host" -> server.formatted("SMTP_CHECK {\nhost {\n" + body + "}\n}\n");
      case "authentication", "auth_hmac" ->
          "vrrp_instance VI_1 {\n" + block.name() + " {\n" + body + "}\n}\n";
      case "global_defs", "garp_group", "SSL" -> block.name() + " {\n" + body + "}\n";
      default -> block.name() + " NAME {\n" + body + "}\n";
    };
  }

  private static String line(Keyword keyword) {
    boolean named = Set.of("real_server", "virtual_server").contains(keyword.name());
    String value = named ? "10.0.0.3 80" : keyword.blockFollows() ? keyword.name() : "1";
    return keyword.name() + " " + value + (keyword.blockFollows() ? " {\n}\n" : "\n");
  }

  @TestFactory
  Stream<DynamicTest> itKnowsTheKeywordsOfItsVersionAndNoOther() {
    return KeywordTable.blocks().stream()
        .filter(block -> !block.name().equals("auth_hmac"))
        .map(block -> DynamicTest.dynamicTest(block.name(), () -> compare(block)));
  }

  private static void compare(BlockKeywords block) throws Exception {
    var asked = block.all().stream().filter(word -> !LEFT_ALONE.contains(word.name())).toList();
    var old = asked.stream().filter(word -> word.since().isEmpty()).toList();
    var later = asked.stream().filter(word -> !word.since().isEmpty()).toList();

    assertThat(unknown(in(block, text(old)))).as(block.name()).isEmpty();
    for (var word : later) {
      assertThat(unknown(in(block, text(List.of(word))))).contains(word.name());
    }
  }

  private static String text(List<Keyword> words) {
    return words.stream().map(KeepalivedItselfTest::line).collect(Collectors.joining());
  }

  @Test
  void itKnowsTheOldNameOfTrackFile() throws Exception {
    assertThat(unknown("vrrp_track_file F {\nfile /run/f\n}\n")).isEmpty();
  }

  @Test
  void theSameWordsAreUnknownToBoth() throws Exception {
    var text =
        """
        global_defs {
          lvs_id director1
          @main bogus_main a
          @other bogus_other a
          "quoted bogus" a
          bogus\\#hash a
        }
        $A=bogus_definition
        vrrp_instance VI_1 {
          $A 5
          ~SEQ(I,1,2) bogus_${I} x
          ~LST(N,p,q) bogus_$N x
        }
        virtual_server 10.0.0.1 80 {
          persistence_time 1
          net_mask 255.255.255.255
          real_server 10.0.0.2 80 {
            TCP_CHECK {
              connection_timeout 10
              nb_get_retry 3
            }
          }
        }
        """;
    var ours =
        Pattern.compile("unknown keyword '([^']*)'")
            .matcher(String.join("\n", Read.told(text)))
            .results()
            .map(found -> found.group(1))
            .collect(Collectors.toCollection(TreeSet::new));

    assertThat(ours).isEqualTo(unknown(text)).hasSize(13);
  }

  @Test
  void whatIsPrintedHasNothingUnknownInItButWordsOfLaterVersions() throws Exception {
    var later =
        KeywordTable.blocks().stream()
            .flatMap(block -> block.all().stream())
            .filter(keyword -> !keyword.since().isEmpty())
            .map(Keyword::name)
            .collect(Collectors.toSet());
    long seed = Long.getLong("lvs4j.seed", System.nanoTime());
    var random = new Random(seed);
    for (int round = 0; round < 20; round++) {
      var text =
          Configurations.random(random)
              .print()
              .text()
              .lines()
              .map(line -> later.contains(line.trim()) ? "" : line)
              // What is in this block would be taken for keywords of the instance.
              .collect(Collectors.joining("\n"))
              .replaceAll("auth_hmac \\{[^}]*\\}", "");

      assertThat(unknown(text)).as("seed " + seed + "\n" + text).isEmpty();
    }
  }
}
