package io.lvs4j.benchmarks.scheduler;

import io.lvs4j.core.balance.Lease;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** A connection as a data plane makes it: assigned under the lock, counted, released. */
@State(Scope.Thread)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(2)
@Warmup(iterations = 3, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 500, timeUnit = TimeUnit.MILLISECONDS)
public class SchedulerLeaseBenchmark {
  private static final int CONNECTIONS = 100;

  /** The scheduler. */
  @Param({"rr", "wrr", "wlc", "sh", "mh"})
  public String scheduler = "";

  /** The number of real servers. */
  @Param({"3", "100", "1000"})
  public int servers;

  private Farm farm = new Farm("rr", 1);

  /** Sets up the servers. */
  @Setup
  public void prepare() {
    farm = new Farm(scheduler, servers);
  }

  /** Assigns, counts and releases. */
  @Benchmark
  @OperationsPerInvocation(CONNECTIONS)
  public @Nullable Lease connections() {
    Lease lease = null;
    for (int i = 0; i < CONNECTIONS; i++) {
      lease = farm.balancer().assign(farm.flow());
      if (lease != null) {
        lease.countIn(100);
        lease.countOut(1000);
        lease.release();
      }
    }
    return lease;
  }
}
