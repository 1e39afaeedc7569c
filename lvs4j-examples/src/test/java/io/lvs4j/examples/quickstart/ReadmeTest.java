package io.lvs4j.examples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReadmeTest {
  @ParameterizedTest
  @ValueSource(strings = {"quickstart/Quickstart", "viponly/VipOnly"})
  void theCodeOfTheReadmeIsThatOfTheExamples(String example) throws IOException {
    var source = Files.readString(Path.of("src/main/java/io/lvs4j/examples/" + example + ".java"));
    var shown = between(source, "    // begin README\n", "    // end README\n");

    assertThat(Files.readString(Path.of("../README.md"))).contains("```java\n" + shown + "```\n");
  }

  @Test
  void theReadmeIsShort() throws IOException {
    assertThat(Files.readAllLines(Path.of("../README.md"))).hasSizeLessThan(200);
  }

  private static String between(String text, String begin, String end) {
    int from = text.indexOf(begin) + begin.length();
    return text.substring(from, text.indexOf(end, from));
  }
}
