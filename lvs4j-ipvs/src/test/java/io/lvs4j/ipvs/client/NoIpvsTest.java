package io.lvs4j.ipvs.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.lvs4j.ipvs.client.IpvsException.Kind;
import io.lvs4j.linux.LinuxNative;
import io.lvs4j.linux.kernel.Descriptor;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** What is said on a real kernel that has no IPVS. */
class NoIpvsTest {
  @Test
  void theOneMessageSaysWhatIsMissingAndWhatToDo() {
    assumeTrue(LinuxNative.isAvailable(), "no system calls here");
    assumeFalse(
        Files.exists(Path.of("/proc/net/ip_vs")) || Files.exists(Path.of(modules(), "ip_vs.ko")),
        "this kernel has IPVS");

    var refused = catchThrowableOfType(IpvsException.class, IpvsClient::open);

    assertThat(refused.kind()).isEqualTo(Kind.UNAVAILABLE);
    assertThat(refused)
        .hasMessage(
            "open IPVS: ENOENT (this kernel has no IPVS loaded and found none to load; modprobe"
                + " ip_vs as root of the host, in the kernel's own modules (linux-modules-extra on"
                + " some distributions); a kernel built without CONFIG_IP_VS has none, and there"
                + " another data plane must serve)");
    assertThat(Descriptor.open()).isEmpty();
  }

  private static String modules() {
    return "/lib/modules/" + System.getProperty("os.version") + "/kernel/net/netfilter/ipvs";
  }
}
