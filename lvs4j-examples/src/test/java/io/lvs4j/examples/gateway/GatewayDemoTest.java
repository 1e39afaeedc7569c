package io.lvs4j.examples.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class GatewayDemoTest {
  @Test
  void everythingThatTheDemoClaimsIsTrue() throws Exception {
    var printed = new ByteArrayOutputStream();

    boolean allTrue =
        GatewayDemo.show(new PrintStream(printed, true, StandardCharsets.UTF_8), System.nanoTime());

    assertThat(allTrue).as(printed.toString(StandardCharsets.UTF_8)).isTrue();
  }

  @Test
  void aClaimThatIsNotTrueIsTold() {
    var printed = new ByteArrayOutputStream();
    var timeline =
        new Timeline(new PrintStream(printed, true, StandardCharsets.UTF_8), System.nanoTime());

    timeline.claim("the moon is made of cheese", false);
    timeline.claim("one is one", true);

    assertThat(timeline.allTrue()).isFalse();
    assertThat(printed.toString(StandardCharsets.UTF_8))
        .contains("FALSE  the moon is made of cheese", "ok     one is one");
  }
}
