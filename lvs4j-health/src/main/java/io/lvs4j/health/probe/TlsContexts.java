package io.lvs4j.health.probe;

import io.lvs4j.api.Tls;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * What TLS settings have become: files read, trust set up. That takes long enough to be done on
 * other threads than the loop's; it is done again when a file has changed.
 */
final class TlsContexts {
  private final ProbeLoop loop;
  private final Map<Tls, Loaded> loaded = new ConcurrentHashMap<>();

  TlsContexts(ProbeLoop loop) {
    this.loop = loop;
  }

  private record Loaded(List<FileTime> changed, SslContext context) {}

  /** Calls one of the two on the loop's thread. */
  void with(Tls tls, Consumer<SslContext> ready, Consumer<Throwable> refused) {
    Thread.ofVirtual()
        .name("lvs4j-health-tls")
        .start(() -> {
          try {
            var context = current(tls);
            loop.execute(() -> ready.accept(context));
          } catch (IOException | RuntimeException | Error unreadable) {
            loop.execute(() -> refused.accept(unreadable));
          }
        });
  }

  private SslContext current(Tls tls) throws IOException {
    var changed = new ArrayList<FileTime>();
    for (var file : files(tls)) {
      changed.add(Files.getLastModifiedTime(file));
    }
    var known = loaded.get(tls);
    if (known != null && known.changed.equals(changed)) {
      return known.context;
    }
    var context = load(tls);
    loaded.put(tls, new Loaded(List.copyOf(changed), context));
    return context;
  }

  private static List<Path> files(Tls tls) {
    return Stream.of(tls.certificateAuthority(), tls.clientCertificate(), tls.clientKey())
        .flatMap(Optional::stream)
        .toList();
  }

  private static SslContext load(Tls tls) throws IOException {
    var builder = SslContextBuilder.forClient().sslProvider(SslProvider.JDK);
    // Set again for each connection, with the name.
    builder.endpointIdentificationAlgorithm("");
    if (!tls.isVerified()) {
      builder.trustManager(InsecureTrustManagerFactory.INSTANCE);
    } else if (tls.certificateAuthority().isPresent()) {
      builder.trustManager(tls.certificateAuthority().get().toFile());
    }
    if (tls.clientCertificate().isPresent() && tls.clientKey().isPresent()) {
      builder.keyManager(
          tls.clientCertificate().get().toFile(),
          tls.clientKey().get().toFile(),
          tls.clientKeyPassword().orElse(null));
    }
    return builder.build();
  }
}
