package io.lvs4j.lab.network;

import static org.awaitility.Awaitility.await;

import io.lvs4j.lab.peer.Program;
import io.lvs4j.lab.peer.RunningProcess;
import io.lvs4j.lab.peer.Workspace;
import io.lvs4j.vrrp.wire.ReceivedAdvert;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/**
 * What has been on a link since this was started, with the kernel's time stamps. Taken by tcpdump,
 * so that it does not depend on sockets of ours.
 *
 * <p>Safe for use by several threads at once.
 */
public final class Capture {
  /** What is taken down for the tests of VRRP. */
  static final String VRRP_AND_NEIGHBOURS = "ip proto 112 or ip6 proto 112 or arp or icmp6";

  private static final Duration TO_START = Duration.ofSeconds(60);

  private final RunningProcess tcpdump;
  private final PcapReader reader;
  private final List<Frame> frames = new ArrayList<>();

  private Capture(RunningProcess tcpdump, PcapReader reader) {
    this.tcpdump = tcpdump;
    this.reader = reader;
  }

  /** An advert on the link. */
  public record Heard(Frame frame, ReceivedAdvert received) {
    /** Returns when. */
    public Instant at() {
      return frame.at();
    }

    /** Returns the priority that it was sent with. */
    public int priority() {
      return received.advert().priority().value();
    }
  }

  /** Returns why nothing can be captured here; empty when it can. */
  public static Optional<String> obstacle() {
    return Program.find("tcpdump").isPresent()
        ? Optional.empty()
        : Optional.of("tcpdump is not installed (Debian: apt install tcpdump)");
  }

  static Capture start(
      Workspace workspace,
      UnaryOperator<List<String>> place,
      String networkInterface,
      String filter) {
    var program =
        Program.find("tcpdump")
            .orElseThrow(() -> new IllegalStateException(obstacle().orElse("tcpdump")));
    Path file = workspace.directory("capture").resolve("frames.pcap");
    var command =
        program.command(
            "-i",
            networkInterface,
            "-n",
            "-U",
            "--immediate-mode",
            // As it is, its buffer has room for 32 packets, and a busy processor lets it run over.
            "--snapshot-length=2048",
            "--buffer-size=8192",
            "--time-stamp-precision=nano",
            "-Z",
            "root",
            "-w",
            file.toString(),
            filter);
    var capture =
        new Capture(workspace.start("tcpdump", place.apply(command)), new PcapReader(file));
    await("tcpdump")
        .atMost(TO_START)
        .pollInterval(Duration.ofMillis(5))
        .until(() -> capture.tcpdump.log().contains("listening on"));
    return capture;
  }

  /** Returns all frames so far. */
  public synchronized List<Frame> frames() {
    frames.addAll(reader.read());
    return List.copyOf(frames);
  }

  /** Returns the headers of all frames so far that these are true of. */
  public List<Packet> packets(Predicate<Packet> which) {
    return frames().stream().map(Frame::packet).filter(which).toList();
  }

  /** Waits until there are so many packets that this is true of, and returns all of them. */
  public List<Packet> awaitPackets(int atLeast, Predicate<Packet> which) {
    return await("packets on the link")
        .atMost(TO_START)
        .pollInterval(Duration.ofMillis(20))
        .until(() -> packets(which), found -> found.size() >= atLeast);
  }

  /** Returns the adverts of a host so far. */
  public List<Heard> adverts(Host host) {
    var adverts = new ArrayList<Heard>();
    for (Frame frame : frames()) {
      if (frame.sender().equals(host.card())) {
        frame.advert().ifPresent(advert -> adverts.add(new Heard(frame, advert)));
      }
    }
    return adverts;
  }

  /** Returns the adverts of a host from a moment on. */
  public List<Heard> adverts(Host host, Instant from) {
    return adverts(host).stream().filter(advert -> !advert.at().isBefore(from)).toList();
  }

  /** Returns when a host said from a moment on that it has an address. */
  public List<Instant> announcements(Host host, InetAddress address, Instant from) {
    return frames().stream()
        .filter(frame -> frame.sender().equals(host.card()))
        .filter(frame -> !frame.at().isBefore(from))
        .filter(frame -> frame.announced().filter(address::equals).isPresent())
        .map(Frame::at)
        .toList();
  }

  /** Waits for an advert of a host that is seen from a moment on, and returns it. */
  public Heard awaitAdvert(Host host, Instant from, Duration atMost, Predicate<Heard> which) {
    return await("an advert of " + host)
        .atMost(atMost)
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(10))
        .until(() -> adverts(host, from).stream().filter(which).findFirst(), Optional::isPresent)
        .orElseThrow();
  }
}
