package io.lvs4j.linux.kernel;

import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * A named network namespace, as {@code ip netns} knows it.
 *
 * <p>A process can't move all of its threads, so each task has a platform thread of its own that
 * enters the namespace and ends with the task. Sockets belong to the namespace that they were
 * opened in, whatever thread uses them later.
 *
 * @param name as in {@code /run/netns}
 */
public record NetworkNamespace(String name) {
  /** Checks the name. */
  public NetworkNamespace {
    if (name.isEmpty() || name.contains("/") || name.startsWith(".")) {
      throw new IllegalArgumentException(
          "network namespace: '" + name + "' (expected: a name in /run/netns)");
    }
  }

  /**
   * Runs a task in the namespace and waits for its end.
   *
   * @throws Exception what the task threw, or why the namespace can't be entered
   */
  public <T> T call(Kernel kernel, Callable<T> task) throws Exception {
    var entered =
        new FutureTask<T>(() -> {
          enter(kernel);
          return task.call();
        });
    var thread = Thread.ofPlatform().name("netns-" + name).start(entered);
    try {
      return entered.get();
    } catch (ExecutionException failed) {
      if (failed.getCause() instanceof Exception exception) {
        throw exception;
      }
      throw failed;
    } catch (InterruptedException interrupted) {
      thread.interrupt();
      throw interrupted;
    }
  }

  /**
   * Moves the calling thread, for good. It must be a platform thread, and one that nobody else
   * uses.
   */
  public void enter(Kernel kernel) throws SystemCallException {
    String path = "/run/netns/" + name;
    int opened =
        Refusal.check(
            kernel.open(path, SocketConstants.O_RDONLY | SocketConstants.O_CLOEXEC),
            Capability.SYS_ADMIN,
            "open " + path);
    try (var descriptor = new Descriptor(kernel, opened, path)) {
      Refusal.check(
          kernel.enterNamespace(descriptor.value(), SocketConstants.CLONE_NEWNET),
          Capability.SYS_ADMIN,
          "enter the network namespace " + name);
    }
  }
}
