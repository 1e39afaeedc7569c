package io.lvs4j.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lvs4j.linux.kernel.Errno;
import io.lvs4j.linux.netlink.NetlinkScript;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The thread that adverts depend on and its nice value. */
class NiceThreadTest {
  @Test
  void theThreadGetsTheNiceValueThatWasSetOrStaysAsItIs() throws Exception {
    for (var expected : Map.of(-10, List.of("setScheduler", "setNice"), 0, List.of()).entrySet()) {
      var kernel = new ScriptedKernel(NetlinkScript::obliging);
      try (var network = LinuxHostNetwork.builder().kernel(kernel).nice(expected.getKey()).open()) {
        int before = kernel.calls().size();
        network.preferCallingThread();
        assertThat(kernel.calls().subList(before, kernel.calls().size()))
            .isEqualTo(expected.getValue());
      }
    }
  }

  @Test
  void aThreadThatMayNotBeInheritedFromKeepsItsNiceValue() throws Exception {
    var kernel = new ScriptedKernel(NetlinkScript::obliging);
    try (var network = LinuxHostNetwork.builder().kernel(kernel).nice(-1).open()) {
      int before = kernel.calls().size();
      kernel.failing(0, Errno.ofResult(-38));
      network.preferCallingThread();
      assertThat(kernel.calls().subList(before, kernel.calls().size()))
          .containsExactly("setScheduler");
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {-21, 1})
  void niceValuesAreCheckedAtOnce(int nice) {
    assertThatThrownBy(() -> LinuxHostNetwork.builder().nice(nice))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("nice: " + nice + " (expected: -20-0)");
  }
}
