package io.lvs4j.lab.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.describe;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget.CodeUnitAccessTarget;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.locks.Condition;
import java.util.random.RandomGenerator;

/** Calls (method references too) and types that some parts of the code have to do without. */
final class Calls {
  private static final Set<String> SLEEPERS =
      Set.of("java.lang.Thread", "java.util.concurrent.TimeUnit");
  private static final Set<String> WAITERS =
      Set.of(
          "java.lang.Object",
          "java.util.concurrent.CountDownLatch",
          "java.util.concurrent.CyclicBarrier",
          "java.util.concurrent.Semaphore",
          "java.util.concurrent.locks.LockSupport");
  private static final Set<String> WAITS =
      Set.of("wait", "await", "acquire", "park", "parkNanos", "parkUntil", "take", "put");

  private Calls() {}

  static DescribedPredicate<JavaClass> socketsOrThreads() {
    return describe(
        "are sockets, channels, threads or executors",
        type ->
            Set.of("java.net.http", "java.nio.channels").contains(type.getPackageName())
                || (type.getPackageName().equals("java.net")
                    && (type.getSimpleName().endsWith("Socket")
                        || type.getSimpleName().endsWith("URLConnection")))
                || type.isEquivalentTo(Thread.class)
                || type.isEquivalentTo(java.util.Timer.class)
                || type.isAssignableTo(Executor.class)
                || type.getName().equals("java.util.concurrent.Executors"));
  }

  static DescribedPredicate<JavaAccess<?>> readingAClock() {
    return describe(
        "a clock is read",
        call -> {
          String owner = call.getTargetOwner().getName();
          String name = call.getName();
          return (owner.equals("java.lang.System")
                  && (name.equals("nanoTime") || name.equals("currentTimeMillis")))
              || (owner.startsWith("java.time.")
                  && (name.equals("now") || name.startsWith("system") || name.startsWith("tick")))
              || (owner.equals("java.util.Date") && isConstructor(call) && hasNoArgument(call));
        });
  }

  static DescribedPredicate<JavaAccess<?>> seedingThemselves() {
    return describe(
        "randomness seeds itself",
        call -> {
          JavaClass owner = call.getTargetOwner();
          String name = call.getName();
          boolean generator = owner.isAssignableTo(RandomGenerator.class);
          return (generator && isConstructor(call) && hasNoArgument(call))
              || (generator && Set.of("getDefault", "of", "current").contains(name))
              || owner.isAssignableTo(java.security.SecureRandom.class)
              || (owner.getName().equals("java.lang.Math") && name.equals("random"))
              || (owner.getName().equals("java.util.UUID") && name.equals("randomUUID"));
        });
  }

  static DescribedPredicate<JavaAccess<?>> sleeping() {
    return describe(
        "a thread sleeps",
        call ->
            call.getName().equals("sleep") && SLEEPERS.contains(call.getTargetOwner().getName()));
  }

  /** Waits of any kind; a future's own join is fine where its caller is not the engine's thread. */
  static DescribedPredicate<JavaAccess<?>> blocking() {
    return describe(
        "a thread waits",
        call -> {
          JavaClass owner = call.getTargetOwner();
          boolean future = owner.isAssignableTo(Future.class);
          boolean waiter =
              WAITERS.contains(owner.getName())
                  || owner.isAssignableTo(BlockingQueue.class)
                  || owner.isAssignableTo(Condition.class);
          return (future && call.getName().equals("get"))
              || (future
                  && call.getName().equals("join")
                  && !call.getOrigin().getName().equals("close"))
              || (waiter && WAITS.contains(call.getName()));
        });
  }

  private static boolean isConstructor(JavaAccess<?> call) {
    return call.getName().equals("<init>");
  }

  private static boolean hasNoArgument(JavaAccess<?> call) {
    return call.getTarget() instanceof CodeUnitAccessTarget target
        && target.getRawParameterTypes().isEmpty();
  }
}
