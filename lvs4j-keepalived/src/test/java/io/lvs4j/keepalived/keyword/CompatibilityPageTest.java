package io.lvs4j.keepalived.keyword;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The committed page is what the table says; {@code -Dlvs4j.write=true} writes it anew. */
class CompatibilityPageTest {
  private static final Path PAGE = Path.of("..", "docs", "keepalived-compatibility.md");

  @Test
  void theCommittedPageIsUpToDate() throws IOException {
    if (Boolean.getBoolean("lvs4j.write")) {
      Files.writeString(PAGE, CompatibilityPage.text());
    }
    assertThat(PAGE).content().isEqualTo(CompatibilityPage.text());
  }
}
