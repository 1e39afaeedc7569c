package io.lvs4j.keepalived;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.lvs4j.api.InvalidConfigurationException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that include files. */
class IncludeTest {
  @TempDir Path directory;

  private Path write(String name, String... lines) throws IOException {
    var file = directory.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, String.join("\n", lines) + "\n");
  }

  private KeepalivedConfiguration read(String... lines) throws IOException {
    return Read.reader().build().read(write("k.conf", lines));
  }

  private List<String> told(KeepalivedConfiguration read) {
    return read.diagnostics().stream()
        .map(diagnostic -> diagnostic.toString().replace(directory + "/", ""))
        .toList();
  }

  private static String instance(int id) {
    return Read.instanceText()
        .replace("VI_1", "VI_" + id)
        .replace("51", "" + (50 + id))
        .replace("10.0.0.1", "10.0.0." + id);
  }

  private static List<String> names(KeepalivedConfiguration read) {
    return read.vrrpInstances().stream().map(each -> each.name()).toList();
  }

  @Test
  void wildcardsAreFoundInTheOrderOfTheirNames() throws IOException {
    write("conf.d/b.conf", instance(2));
    write("conf.d/a.conf", instance(1));
    write("conf.d/c.txt", instance(3));
    write("conf.d/.hidden.conf", instance(4));

    var read = read("include conf.d/*.conf");

    assertThat(told(read)).isEmpty();
    assertThat(names(read)).containsExactly("VI_1", "VI_2");
  }

  @Test
  void bracesAreChoices() throws IOException {
    write("one.conf", instance(1));
    write("three.conf", instance(3));

    var read = read("include {one,two,thr{ee,oo}}.conf");

    assertThat(names(read)).containsExactly("VI_1", "VI_3");
    assertThat(told(read))
        .containsExactly(
            "k.conf:1:9: warning: include 'two.conf': no such file, which keepalived wouldn't say",
            "k.conf:1:9: warning: include 'throo.conf': no such file, which keepalived wouldn't say");
    assertThat(told(read("includeb {one,two}.conf")))
        .containsExactly("k.conf:1:10: error: include 'two.conf': no such file");
  }

  @Test
  void aRelativeNameIsLookedForWhereTheIncludingFileIs() throws IOException {
    write("sub/first.conf", "include second.conf");
    write("sub/second.conf", "global_defs {", "router_id ${_PWD}", "}");

    var read = read("include sub/first.conf");

    assertThat(told(read)).isEmpty();
    assertThat(read.definitions().routerId()).contains(directory.resolve("sub").toString());
  }

  @Test
  void aBlockMayBeginInOneFileAndEndInAnother() throws IOException {
    write("addresses.conf", "10.0.0.1", "10.0.0.2", "}");

    var read =
        read(
            "vrrp_instance VI_1 {",
            "interface eth0",
            "virtual_router_id 1",
            "virtual_ipaddress {",
            "include addresses.conf",
            "priority 7",
            "}");

    assertThat(told(read)).isEmpty();
    assertThat(read.vrrpInstances().getFirst().virtualAddresses()).hasSize(2);
    assertThat(read.vrrpInstances().getFirst().priority().value()).isEqualTo(7);
  }

  @Test
  void whatIsMissingIsAnErrorWhereItHasAName() throws IOException {
    assertThat(told(read("include none.conf")))
        .containsExactly(
            "k.conf:1:9: error: include 'none.conf': no such file, which keepalived wouldn't say");
    assertThat(told(read("include none/*.conf"))).isEmpty();
    assertThat(told(read("includer none.conf")))
        .containsExactly(
            "k.conf:1:10: error: include 'none.conf': no such file, which keepalived wouldn't say");
    assertThat(told(read("includem none.conf")))
        .containsExactly("k.conf:1:10: error: include 'none.conf': no such file");
    assertThat(told(read("includem none*.conf"))).isEmpty();
    assertThat(told(read("includew none*.conf")))
        .containsExactly("k.conf:1:10: error: include 'none*.conf': no such file");
    assertThat(told(read("includea none*.conf"))).hasSize(1);
    assertThat(told(read("include")))
        .containsExactly("k.conf:1:1: error: include: no file (expected: a name)");
  }

  @Test
  void includeCheckHoldsForWhatFollowsAndIsGivenBack() throws IOException {
    write(
        "loose.conf",
        "global_defs {",
        "include_check -match -wildcard_match",
        "}",
        "include a.conf");

    assertThat(
            told(
                read(
                    "global_defs {",
                    "include_check match",
                    "}",
                    "include b.conf",
                    "include loose.conf",
                    "include c.conf")))
        .containsExactly(
            "k.conf:4:9: error: include 'b.conf': no such file",
            "loose.conf:4:9: error: include 'a.conf': no such file, which keepalived wouldn't say",
            "k.conf:6:9: error: include 'c.conf': no such file");
  }

  @Test
  void includesAreFoundBeforeDefinitionsAndConditions() throws IOException {
    write("a.conf", instance(1));

    assertThat(names(read("$FILE=a.conf", "include $FILE"))).isEmpty();
    assertThat(told(read("@main include a.conf")))
        .containsExactly("k.conf:1:7: warning: unknown keyword 'include'");
  }

  @Test
  void aCycleIsToldOnceAndEndsThere() throws IOException {
    write("a.conf", "include b.conf", instance(1));
    write("b.conf", "include sub/../a.conf", instance(2));
    Files.createDirectories(directory.resolve("sub"));

    var read = read("include a.conf");

    assertThat(told(read))
        .containsExactly(
            "b.conf:1:9: error: include 'sub/../a.conf': includes itself (expected: no cycle)");
    assertThat(names(read)).containsExactly("VI_2", "VI_1");
  }

  @Test
  void theSameFileTwiceInARowIsNoCycle() throws IOException {
    write("weight.conf", "weight 7");

    var read =
        read(
            "virtual_server 10.0.0.1 80 {",
            "protocol TCP",
            "real_server 10.0.0.2 80 {",
            "include weight.conf",
            "}",
            "real_server 10.0.0.3 80 {",
            "include weight.conf",
            "}",
            "}");

    assertThat(told(read)).isEmpty();
    assertThat(read.virtualServers().getFirst().realServers())
        .extracting(each -> each.weight())
        .containsExactly(7, 7);
  }

  @Test
  void onlyPlainFilesThatAreNoProgramsAreIncluded() throws IOException {
    Files.createDirectories(directory.resolve("d.conf"));
    var program = write("p.conf", instance(1));
    assumeThat(Files.getFileStore(program).supportsFileAttributeView("posix"))
        .as("a file system with permissions")
        .isTrue();
    Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr--r--"));

    assertThat(told(read("include *.conf")))
        .containsExactly(
            "k.conf:1:9: warning: include 'd.conf': not a regular file (expected: one)",
            "k.conf:1:9: error: include 'k.conf': includes itself (expected: no cycle)",
            "k.conf:1:9: warning: include 'p.conf': a program (expected: a file that isn't"
                + " executable)");
    assertThat(told(read("include d.conf")))
        .containsExactly("k.conf:1:9: error: include 'd.conf': not a regular file (expected: one)");
    assertThat(told(read("includer p.conf"))).singleElement().asString().contains("error");
  }

  private void tooMuch(String limit, String... lines) throws IOException {
    var file = write("k.conf", lines);
    assertThatThrownBy(() -> Read.reader().build().read(file))
        .isInstanceOf(InvalidConfigurationException.class)
        .hasMessageContaining("too much to read (expected: at most " + limit);
  }

  @Test
  void filesWithoutEndAreRefused() throws IOException {
    try (var sparse = new RandomAccessFile(directory.resolve("sparse.conf").toFile(), "rw")) {
      sparse.setLength(20L * 1024 * 1024 * 1024);
    }
    tooMuch("64 MiB of files", "include sparse.conf");
    var itself = directory.resolve("sparse.conf");
    assertThatThrownBy(() -> Read.reader().build().read(itself))
        .hasMessageContaining("64 MiB of files");
  }

  @Test
  void includesThatMultiplyAreRefused() throws IOException {
    for (int i = 0; i < 200; i++) {
      write("wide/" + i + ".conf", "include *.conf", "x");
    }
    tooMuch("", "include wide/*.conf");
    tooMuch("100000 names of files", "include wide/*.nothing\n".repeat(600));
  }

  @Test
  void aChainOfIncludesEndsAtItsTwoHundredthFile() throws IOException {
    for (int i = 0; i < 1000; i++) {
      write(i + ".conf", "include " + (i + 1) + ".conf", i == 190 || i == 250 ? instance(i) : "");
    }
    var read = read("include 0.conf", instance(2));
    assertThat(told(read))
        .singleElement()
        .asString()
        .endsWith("error: include: too deep (expected: at most 200 files)");
    assertThat(names(read)).containsExactly("VI_190", "VI_2");
  }

  @Test
  void choicesWithoutEndAreOneError() throws IOException {
    assertThat(told(read("include " + "{".repeat(30_000) + "}".repeat(30_000))))
        .containsExactly(
            "k.conf:1:9: error: include: a name of 60000 characters (expected: at most 4096)");
    assertThat(read("include " + "{a,b}".repeat(800)).diagnostics()).hasSizeLessThan(1002);
    assertThat(told(read("include " + "{".repeat(2000) + "}".repeat(2000)))).hasSize(1);
  }

  @Test
  void aLineOfTenMegabytesIsOneError() throws IOException {
    var read =
        read(
            "global_defs {",
            "router_id " + "x".repeat(10_000_000),
            "vrrp_version 3",
            "}",
            instance(1));

    assertThat(told(read))
        .containsExactly(
            "k.conf:2:1: error: line of more than 65536 bytes (expected: at most 1024, as"
                + " keepalived reads)");
    assertThat(read.vrrpInstances().getFirst().version().number()).isEqualTo(3);
  }
}
