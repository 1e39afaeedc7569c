package io.lvs4j.benchmarks.ipvs;

import java.io.IOException;
import java.nio.file.Path;

/**
 * What the kernel has taken for itself where it keeps IPVS's table (proc_meminfo(5)).
 *
 * @param slab KB of small objects, the virtual and real servers among them
 * @param perCpu KB of what it has once for each processor, counters among them
 */
record KernelMemory(long slab, long perCpu) {
  private static final Path FILE = Path.of("/proc/meminfo");

  static KernelMemory now() throws IOException {
    return new KernelMemory(
        RestoreProgram.kilobytes(FILE, "Slab"), RestoreProgram.kilobytes(FILE, "Percpu"));
  }

  KernelMemory minus(KernelMemory other) {
    return new KernelMemory(slab - other.slab, perCpu - other.perCpu);
  }
}
