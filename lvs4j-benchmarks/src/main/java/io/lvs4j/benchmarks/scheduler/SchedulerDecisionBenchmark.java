package io.lvs4j.benchmarks.scheduler;

import io.lvs4j.api.Scheduler;
import io.lvs4j.api.ServerPool;
import java.util.concurrent.TimeUnit;
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

/**
 * One decision of each scheduler on the balancer's own table, without its lock. Each sample is the
 * mean of a hundred decisions, so that the median stays right on a machine with other work to do.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(2)
@Warmup(iterations = 3, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 500, timeUnit = TimeUnit.MILLISECONDS)
public class SchedulerDecisionBenchmark {
  private static final int DECISIONS = 100;

  /** The scheduler. */
  @Param({
    "rr", "wrr", "lc", "wlc", "lblc", "lblcr", "dh", "sh", "sed", "nq", "fo", "ovf", "mh", "twos"
  })
  public String scheduler = "";

  /** The number of real servers. */
  @Param({"3", "100", "1000"})
  public int servers;

  private Farm farm = new Farm("rr", 1);
  private ServerPool pool = farm.pool();
  private Scheduler informed = farm.informed("rr");

  /** Sets up the servers. */
  @Setup
  public void prepare() {
    farm = new Farm("rr", servers);
    pool = farm.pool();
    informed = farm.informed(scheduler);
  }

  /** Decides. */
  @Benchmark
  @OperationsPerInvocation(DECISIONS)
  public int decide() {
    int sum = 0;
    for (int i = 0; i < DECISIONS; i++) {
      sum += informed.schedule(pool, farm.flow());
    }
    return sum;
  }
}
