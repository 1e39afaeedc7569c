package io.lvs4j.lab.network;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A client that asks the {@link Beacon} behind an address again and again, and takes down when
 * which host answered.
 *
 * <p>Safe for use by several threads at once.
 */
public final class Probe implements AutoCloseable {
  private final InetSocketAddress target;
  private final Duration every;
  private final DatagramChannel channel;
  private final Selector selector;
  private final Instant epoch = Instant.now();
  private final long epochNanos = System.nanoTime();
  private final List<Answer> answers = new ArrayList<>();
  private final Thread thread;
  private volatile boolean closed;

  /** That a host answered, and when the answer came. */
  public record Answer(Instant at, int host) {}

  /** The time between two answers. */
  public record Silence(Answer before, Answer after) {
    /** Returns its length. */
    public Duration length() {
      return Duration.between(before.at(), after.at());
    }
  }

  private Probe(Host client, InetAddress address, Duration every) throws IOException {
    this.target = new InetSocketAddress(address, Beacon.PORT);
    this.every = every;
    this.channel = DatagramChannel.open();
    this.selector = Selector.open();
    channel.bind(null).configureBlocking(false).register(selector, SelectionKey.OP_READ);
    this.thread = Thread.ofPlatform().daemon().name("probe-" + client.name()).start(this::run);
  }

  /** Starts to ask: one datagram in each period, of a millisecond or more. */
  public static Probe from(Host client, InetAddress address, Duration every) {
    return client.call(() -> new Probe(client, address, every));
  }

  private void run() {
    Foremost.become();
    var buffer = ByteBuffer.allocate(Long.BYTES + 1);
    try {
      for (long next = System.nanoTime(); !closed; ) {
        long now = System.nanoTime();
        if (now - next >= 0) {
          ask(buffer, now);
          next = Math.max(next + every.toNanos(), now);
        }
        selector.select(_ -> {}, Math.max(1, (next - System.nanoTime()) / 1_000_000));
        drain(buffer);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("probe of " + target, e);
    }
  }

  private void ask(ByteBuffer buffer, long now) {
    try {
      channel.send(buffer.clear().putLong(now).flip(), target);
    } catch (IOException unreachable) {
      // No route or no neighbour: a question without an answer, which is what is measured.
      buffer.clear();
    }
  }

  private void drain(ByteBuffer buffer) throws IOException {
    while (channel.receive(buffer.clear()) != null) {
      if (buffer.position() == Long.BYTES + 1) {
        var at = epoch.plusNanos(System.nanoTime() - epochNanos);
        synchronized (answers) {
          answers.add(new Answer(at, buffer.get(Long.BYTES)));
        }
      }
    }
  }

  /** Returns the answers from a moment on. */
  public List<Answer> answers(Instant from) {
    synchronized (answers) {
      return answers.stream().filter(answer -> !answer.at().isBefore(from)).toList();
    }
  }

  /** Returns the host that answered last, if that was not longer ago than this. */
  public Optional<Integer> answering(Duration within) {
    synchronized (answers) {
      return answers.isEmpty() || answers.getLast().at().isBefore(Instant.now().minus(within))
          ? Optional.empty()
          : Optional.of(answers.getLast().host());
    }
  }

  /**
   * Returns the longest time without an answer, of those that ended from a moment on; empty when
   * there were fewer than two answers.
   */
  public Optional<Silence> longestSilence(Instant from) {
    synchronized (answers) {
      Silence longest = null;
      for (int i = answers.size() - 1; i > 0 && !answers.get(i).at().isBefore(from); i--) {
        var silence = new Silence(answers.get(i - 1), answers.get(i));
        if (longest == null || silence.length().compareTo(longest.length()) > 0) {
          longest = silence;
        }
      }
      return Optional.ofNullable(longest);
    }
  }

  @Override
  public void close() {
    closed = true;
    try (channel;
        selector) {
      selector.wakeup();
      thread.join();
    } catch (IOException e) {
      throw new UncheckedIOException("probe of " + target, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while a probe ended", e);
    }
  }
}
