/**
 * Tables of thousands of real servers in the kernel's IPVS: how long they take, beside ipvsadm.
 * Runs in User-Mode-Linux, as most kernels here have no ip_vs.
 */
@NullMarked
package io.lvs4j.benchmarks.ipvs;

import org.jspecify.annotations.NullMarked;
