package io.lvs4j.run;

import io.lvs4j.api.Endpoint;
import io.lvs4j.api.StartException;
import io.lvs4j.linux.realserver.RealServerSide;
import io.lvs4j.run.signal.EventLines;
import io.lvs4j.run.signal.ProcessSignals;
import java.io.PrintStream;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * {@code lvs4j real-server}: makes this host ready to take what a director sends it for a virtual
 * address, until a signal ends it; or takes back what an earlier run has left.
 *
 * @param address the virtual address
 * @param tunnel whether packets come through a tunnel
 * @param undo whether it only takes back
 */
record RealServerCommand(InetAddress address, boolean tunnel, boolean undo) {
  static final String USAGE =
      """
      usage: ./lvs4j real-server VIP [--tunnel] [--undo]
        VIP        the virtual address, without a prefix length
        --tunnel   packets come through a tunnel (tunl0, ip6tnl0), not by direct routing (lo)
        --undo     only take back what is remembered of this address, and end
      signals: SIGTERM and SIGINT take everything back and end
      """;

  static RealServerCommand of(List<String> arguments) throws UsageException {
    InetAddress address = null;
    boolean tunnel = false;
    boolean undo = false;
    for (var word : arguments) {
      switch (word) {
        case "--tunnel" -> tunnel = true;
        case "--undo" -> undo = true;
        default -> {
          if (word.startsWith("-") || address != null) {
            throw new UsageException(
                "real-server: " + word + " (expected: one address, --tunnel, --undo)");
          }
          address = literal(word);
        }
      }
    }
    if (address == null) {
      throw new UsageException("real-server: no address (expected: the virtual address)");
    }
    return new RealServerCommand(address, tunnel, undo);
  }

  /** Names are not looked up: the address is to be the one that the director has. */
  private static InetAddress literal(String word) throws UsageException {
    return Endpoint.address(word)
        .orElseThrow(() ->
            new UsageException(
                "real-server: " + word + " (expected: an IP address without a prefix length)"));
  }

  ExitStatus run(PrintStream out, EventLines lines) throws InterruptedException {
    var builder = RealServerSide.of(address);
    if (tunnel) {
      builder.tunnel();
    }
    try {
      return undo ? undo(builder, out) : serve(builder, lines);
    } catch (StartException refused) {
      refused.problems().forEach(problem -> lines.tell(Level.ERROR, problem.toString()));
      return ExitStatus.HOST_LACKS;
    } finally {
      lines.release();
    }
  }

  private static ExitStatus undo(RealServerSide.Builder builder, PrintStream out) {
    var done = builder.undo();
    if (done.isEmpty()) {
      out.println("nothing to undo");
    }
    done.forEach(out::println);
    return ExitStatus.DONE;
  }

  private static ExitStatus serve(RealServerSide.Builder builder, EventLines lines)
      throws InterruptedException {
    var signals = new LinkedBlockingQueue<String>();
    ProcessSignals.listen(List.of("TERM", "INT", "HUP"), signals::add);
    var side = builder.open();
    try (side) {
      lines.open("lvs4j ready");
      side.steps().forEach(step -> lines.tell(Level.INFO, step));
      while (signals.take().equals("HUP")) {
        lines.tell(Level.INFO, "nothing to read again");
      }
      lines.tell(Level.INFO, "leaving");
    }
    lines.tell(Level.INFO, "left");
    return ExitStatus.DONE;
  }
}
