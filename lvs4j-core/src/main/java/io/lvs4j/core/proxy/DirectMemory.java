package io.lvs4j.core.proxy;

import io.netty.buffer.AbstractByteBufAllocator;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.util.internal.PlatformDependent;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import org.jspecify.annotations.Nullable;

/**
 * The plane's buffers outside the heap, in chunks of its own. Where the process is about to reach
 * its limit ({@code -XX:MaxDirectMemorySize}) it refuses at once: the JDK would make the loop's
 * thread wait half a second for the collector first, each time.
 */
final class DirectMemory extends AbstractByteBufAllocator {
  private static final int PAGE = 8 * 1024;

  /** Chunks of 1 MiB. */
  private static final int ORDER = 7;

  private static final long CHUNK = (long) PAGE << ORDER;

  private final ByteBufAllocator chunks;
  private final long limit = PlatformDependent.estimateMaxDirectMemory();
  private final @Nullable BufferPoolMXBean all = directPool();

  DirectMemory(int loops) {
    super(true);
    this.chunks = new PooledByteBufAllocator(true, 0, loops, PAGE, ORDER, 256, 64, false);
  }

  private static @Nullable BufferPoolMXBean directPool() {
    return ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
        .filter(pool -> pool.getName().equals("direct"))
        .findFirst()
        .orElse(null);
  }

  /** Returns how much of it what peers have yet to take may use. */
  long forWaitingBytes() {
    return limit / 4;
  }

  @Override
  protected ByteBuf newHeapBuffer(int initialCapacity, int maxCapacity) {
    return chunks.heapBuffer(initialCapacity, maxCapacity);
  }

  @Override
  protected ByteBuf newDirectBuffer(int initialCapacity, int maxCapacity) {
    if (all != null && all.getMemoryUsed() + 2 * CHUNK > limit) {
      throw new OutOfMemoryError("direct memory: nearly all of " + limit + " bytes are used");
    }
    return chunks.directBuffer(initialCapacity, maxCapacity);
  }

  @Override
  public boolean isDirectBufferPooled() {
    return true;
  }
}
