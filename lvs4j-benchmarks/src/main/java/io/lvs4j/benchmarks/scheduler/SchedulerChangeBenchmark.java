package io.lvs4j.benchmarks.scheduler;

import io.lvs4j.core.balance.Lease;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * A change to one of a thousand servers, and the first connection after it, which pays for what the
 * change has put off.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(2)
@Warmup(iterations = 3, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 500, timeUnit = TimeUnit.MILLISECONDS)
public class SchedulerChangeBenchmark {
  private static final int SERVERS = 1000;

  /** The scheduler. */
  @Param({"rr", "wrr", "wlc", "dh", "sh", "mh"})
  public String scheduler = "";

  private Farm farm = new Farm("rr", 1);
  private int turn;

  /** Sets up the servers. */
  @Setup
  public void prepare() {
    farm = new Farm(scheduler, SERVERS);
  }

  /** Changes a weight. */
  @Benchmark
  public @Nullable Lease changeWeight() {
    turn++;
    farm.balancer().update(Farm.destination(turn % SERVERS, 1 + turn % 10));
    return connect();
  }

  /** Takes a server out and puts it in again, with a connection after each. */
  @Benchmark
  public @Nullable Lease replaceServer() {
    turn++;
    var destination = Farm.destination(turn % SERVERS, 1 + turn % 10);
    farm.balancer().remove(destination.endpoint());
    connect();
    farm.balancer().add(destination);
    return connect();
  }

  private @Nullable Lease connect() {
    Lease lease = farm.balancer().assign(farm.flow());
    if (lease != null) {
      lease.release();
    }
    return lease;
  }
}
