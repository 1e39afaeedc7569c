package io.lvs4j.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lvs4j.api.host.HostEvent;
import io.lvs4j.api.host.HostNetworkException;
import io.lvs4j.api.host.VirtualAddressClaim;
import io.lvs4j.linux.kernel.Errno;
import io.lvs4j.linux.netlink.NetlinkScript;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Claims and releases that the kernel refuses half way. */
class ClaimFailureTest {
  private static final int RTM_NEWADDR = 20;
  private static final int RTM_DELADDR = 21;
  private static final VirtualAddressClaim CLAIM =
      VirtualAddressClaim.of("eth0", InetAddress.ofLiteral("2001:db8::100"));

  private final List<Integer> changes = new ArrayList<>();
  private final ScriptedKernel kernel =
      new ScriptedKernel(request -> {
        int type = NetlinkScript.only(request).type();
        if (type == RTM_NEWADDR || type == RTM_DELADDR) {
          changes.add(type);
        }
        return NetlinkScript.obliging(request);
      });
  private LinuxHostNetwork network;

  @BeforeEach
  void open() throws HostNetworkException {
    network = LinuxHostNetwork.builder().kernel(kernel).open();
  }

  @AfterEach
  void close() {
    network.close();
    assertThat(kernel.openDescriptors()).isEmpty();
  }

  @Test
  void claimsThatCannotBeWatchedAreUndone() {
    int filter = callsUntil("attachFilter");
    changes.clear();

    kernel.failing(filter, Errno.ofResult(-1));

    assertThatThrownBy(() -> network.claim(CLAIM)).hasMessageContaining("EPERM");
    assertThat(changes).containsExactly(RTM_NEWADDR, RTM_DELADDR);
  }

  @Test
  void releasesThatFailCanBeTriedAgain() throws HostNetworkException {
    network.claim(CLAIM);
    changes.clear();
    // The first send looks up the interface, the second one deletes the address.
    kernel.failing(3, Errno.ofResult(-12));
    assertThatThrownBy(() -> network.release(CLAIM)).hasMessageContaining("ENOMEM");

    network.release(CLAIM);

    assertThat(changes).containsExactly(RTM_DELADDR);
  }

  @Test
  void addressesThatTheKernelLostAreReportedOnceEvenIfTheFirstLookFails()
      throws HostNetworkException {
    network.claim(CLAIM);
    kernel.loseNews();
    int look = kernel.calls().size();
    assertThat(network.await(System.nanoTime()))
        .containsExactly(new HostEvent.AddressRemoved(CLAIM));
    assertThat(network.await(System.nanoTime())).isEmpty();
    assertThat(kernel.calls().subList(look, kernel.calls().size())).contains("send");

    network.claim(CLAIM);
    kernel.loseNews();
    kernel.failing(3, Errno.ofResult(-12));
    assertThatThrownBy(() -> network.await(System.nanoTime())).hasMessageContaining("ENOMEM");
    assertThat(network.await(System.nanoTime()))
        .containsExactly(new HostEvent.AddressRemoved(CLAIM));
  }

  /** Returns how many calls a claim makes before a certain one, by making and undoing one. */
  private int callsUntil(String call) {
    try (var other = LinuxHostNetwork.builder().kernel(kernel).open()) {
      int start = kernel.calls().size();
      other.claim(CLAIM);
      int at = kernel.calls().subList(start, kernel.calls().size()).indexOf(call);
      other.release(CLAIM);
      return at;
    } catch (HostNetworkException refused) {
      throw new AssertionError(refused);
    }
  }
}
