package io.lvs4j.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.lvs4j.api.host.VirtualAddressClaim;
import io.lvs4j.api.host.VrrpChannelSettings;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(180)
class LinuxNativeTest {
  @Test
  void deniedNativeAccessNamesTheFlagThatGrantsIt() throws Exception {
    assertThat(tryIn(List.of(), "--illegal-native-access=deny"))
        .contains("false native access: denied to unnamed module")
        .contains("java --enable-native-access=ALL-UNNAMED")
        .contains("JDK_JAVA_OPTIONS=--enable-native-access=ALL-UNNAMED");
  }

  @Test
  void theNamedFlagGrantsIt() throws Exception {
    assertThat(
            tryIn(List.of(), "--illegal-native-access=deny", "--enable-native-access=ALL-UNNAMED"))
        .startsWith("true");
  }

  @Test
  void processesWithoutCapabilitiesAreToldWhichOnesTheyNeed() throws Exception {
    var setpriv = Path.of("/usr/bin/setpriv");
    assumeTrue(Files.isExecutable(setpriv), "there is no setpriv");
    assumeTrue(TwoHosts.obstacle().isEmpty(), TwoHosts.obstacle());
    assertThat(
            tryIn(
                List.of(setpriv.toString(), "--bounding-set=-all", "--inh-caps=-all"),
                "--enable-native-access=ALL-UNNAMED"))
        .contains("VRRP receive socket on lo: EPERM (needs CAP_NET_RAW: run as root")
        .contains("127.0.0.100/32 on interface 1: EPERM (")
        .contains("needs CAP_NET_ADMIN: run as root");
  }

  @Test
  void otherSystemsAreNamed() {
    assertThat(LinuxNative.unsupported("Linux", "amd64")).isEmpty();
    assertThat(LinuxNative.unsupported("Linux", "aarch64")).isEmpty();
    assertThat(LinuxNative.unsupported("Mac OS X", "aarch64").orElseThrow())
        .hasMessage("operating system: Mac OS X (expected: Linux)");
    assertThat(LinuxNative.unsupported("Linux", "riscv64").orElseThrow())
        .hasMessage("architecture: riscv64 (expected: x86-64 or aarch64)");
  }

  private static String tryIn(List<String> wrapper, String... flags)
      throws IOException, InterruptedException {
    var command = new ArrayList<>(wrapper);
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of(flags));
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Attempt.class.getName()));
    var process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    process.waitFor();
    return output;
  }

  /** What the child does: it says whether native access is there, and tries to use it. */
  static final class Attempt {
    private Attempt() {}

    public static void main(String[] arguments) throws Exception {
      System.out.println(
          LinuxNative.isAvailable()
              + " "
              + LinuxNative.unavailabilityCause().map(Throwable::getMessage).orElse(""));
      if (!LinuxNative.isAvailable()) {
        return;
      }
      try (var network =
          LinuxHostNetwork.builder().addressMechanism(AddressMechanism.REFRESHED_LIFETIME).open()) {
        tell(() ->
            network.openVrrp(
                VrrpChannelSettings.multicast(
                    "lo",
                    InetAddress.ofLiteral("127.0.0.1"),
                    InetAddress.ofLiteral("224.0.0.18"))));
        tell(() ->
            network.claim(VirtualAddressClaim.of("lo", InetAddress.ofLiteral("127.0.0.100"))));
      }
    }

    private interface Task {
      void run() throws Exception;
    }

    private static void tell(Task task) {
      try {
        task.run();
      } catch (Exception refused) {
        System.out.println(refused.getMessage());
      }
    }
  }
}
