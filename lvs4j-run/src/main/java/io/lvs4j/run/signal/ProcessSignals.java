package io.lvs4j.run.signal;

import io.lvs4j.linux.IgnoredSignals;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.function.Consumer;

/**
 * The signals that the process is sent. The JDK has no public way to hear of SIGHUP; its module
 * jdk.unsupported has one that everybody uses, and that the compiler can't be kept from warning of,
 * so it is asked for by name.
 */
public final class ProcessSignals {
  private ProcessSignals() {}

  /**
   * Tells of each of these signals from now on, by its name without SIG, on a thread of the JVM's;
   * also of those that the parent of this process ignored.
   *
   * @throws IllegalStateException when this JVM doesn't let signals be handled
   */
  public static void listen(List<String> names, Consumer<String> listener) {
    try {
      var signal = Class.forName("sun.misc.Signal");
      var handler = Class.forName("sun.misc.SignalHandler");
      var name = signal.getMethod("getName");
      var told =
          Proxy.newProxyInstance(
              ProcessSignals.class.getClassLoader(),
              new Class<?>[] {handler},
              (self, method, arguments) ->
                  switch (method.getName()) {
                    case "handle" -> {
                      listener.accept((String) name.invoke(arguments[0]));
                      yield null;
                    }
                    case "equals" ->
                        System.identityHashCode(self) == System.identityHashCode(arguments[0]);
                    case "hashCode" -> System.identityHashCode(self);
                    default -> "signals of the process";
                  });
      var handle = signal.getMethod("handle", signal, handler);
      var constructor = signal.getConstructor(String.class);
      var number = signal.getMethod("getNumber");
      for (var each : names) {
        var asked = constructor.newInstance(each);
        IgnoredSignals.heed((int) number.invoke(asked));
        handle.invoke(null, asked, told);
      }
    } catch (IOException | UnsupportedOperationException unheeded) {
      throw new IllegalStateException(
          "signals: " + unheeded.getMessage() + " (expected: none that is ignored by nohup)",
          unheeded);
    } catch (InvocationTargetException refused) {
      throw new IllegalStateException(
          "signals: " + refused.getCause() + " (expected: a JVM without -Xrs)", refused);
    } catch (ReflectiveOperationException missing) {
      throw new IllegalStateException(
          "signals: " + missing + " (expected: a JDK with module jdk.unsupported)", missing);
    }
  }
}
