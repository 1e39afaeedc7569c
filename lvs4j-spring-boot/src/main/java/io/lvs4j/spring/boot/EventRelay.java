package io.lvs4j.spring.boot;

import io.lvs4j.api.DirectorEvent;
import io.lvs4j.api.DirectorListener;
import io.lvs4j.api.vrrp.VrrpEvent;
import io.lvs4j.api.vrrp.VrrpListener;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.util.function.SingletonSupplier;

/**
 * Hands events to the listeners among the beans and to the application. The beans are looked for
 * when the first event comes, so that a listener may depend on the director.
 */
final class EventRelay implements VrrpListener, DirectorListener {
  private static final System.Logger LOG = System.getLogger("io.lvs4j.director");

  private final ConfigurableApplicationContext context;
  private final SingletonSupplier<List<VrrpListener>> vrrpListeners;
  private final SingletonSupplier<List<DirectorListener>> directorListeners;

  EventRelay(ConfigurableApplicationContext context) {
    this.context = context;
    this.vrrpListeners = SingletonSupplier.of(() -> beans(VrrpListener.class));
    this.directorListeners = SingletonSupplier.of(() -> beans(DirectorListener.class));
  }

  private <T> List<T> beans(Class<T> type) {
    return context.getBeanFactory().getBeanProvider(type).orderedStream().toList();
  }

  @Override
  public void onEvent(VrrpEvent event) {
    vrrpListeners.obtain().forEach(listener -> tell(event, listener::accept));
    tell(event, context::publishEvent);
  }

  @Override
  public void awaitEnd(Duration atMost) throws InterruptedException {
    for (var listener : vrrpListeners.obtain()) {
      listener.awaitEnd(atMost);
    }
  }

  @Override
  public void onEvent(DirectorEvent event) {
    onEvent(event, Instant.now());
  }

  @Override
  public void onEvent(DirectorEvent event, Instant time) {
    directorListeners
        .obtain()
        .forEach(listener -> tell(event, each -> listener.onEvent(each, time)));
    tell(event, context::publishEvent);
  }

  /** One that fails keeps nothing from the others. */
  private static <E> void tell(E event, Consumer<? super E> listener) {
    try {
      listener.accept(event);
    } catch (RuntimeException failed) {
      LOG.log(Level.WARNING, "a listener failed at " + event, failed);
    }
  }
}
