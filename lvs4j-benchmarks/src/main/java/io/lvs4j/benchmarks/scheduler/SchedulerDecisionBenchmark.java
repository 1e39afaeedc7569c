package io.lvs4j.benchmarks.scheduler;

import io.lvs4j.api.Scheduler;
import io.lvs4j.api.ServerPool;
import java.util.concurrent.TimeUnit;
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

/** One decision of each scheduler on the balancer's own table, without its lock. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(2)
@Warmup(iterations = 3, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 500, timeUnit = TimeUnit.MILLISECONDS)
public class SchedulerDecisionBenchmark {
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
  public int decide() {
    return informed.schedule(pool, farm.flow());
  }
}
