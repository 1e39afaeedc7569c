package io.lvs4j.health.probe;

import io.lvs4j.api.Endpoint;
import io.lvs4j.api.Tls;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLPeerUnverifiedException;

/** The begin of a connection over TLS, and what it takes to believe the server. */
final class TlsHandshake {
  private final Attempt attempt;
  private final Tls tls;
  private final Optional<String> name;
  private Optional<String> protocol = Optional.empty();

  TlsHandshake(Attempt attempt, Tls tls, Optional<String> virtualHost) {
    this.attempt = attempt;
    this.tls = tls;
    this.name = tls.serverName().or(() -> virtualHost.flatMap(TlsHandshake::hostName));
  }

  /** Asks for an application protocol (ALPN); a server that doesn't agree to it fails. */
  TlsHandshake over(String protocol) {
    this.protocol = Optional.of(protocol);
    return this;
  }

  /** Returns the name in a Host header, without its port; none if it is an address. */
  private static Optional<String> hostName(String virtualHost) {
    var host = virtualHost.replaceFirst(":\\d*$", "");
    boolean address = host.contains(":") || host.matches("[0-9.]+") || host.startsWith("[");
    return address || host.isEmpty() ? Optional.empty() : Optional.of(host);
  }

  /**
   * Shakes hands on a connection that stands and isn't read from; whatever goes wrong ends the
   * attempt.
   */
  void begin(SocketChannel channel, Runnable done) {
    attempt
        .loop
        .tlsContexts()
        .with(
            tls,
            context -> {
              if (!attempt.hasEnded()) {
                shake(channel, context, done);
              }
            },
            failure -> {
              if (!attempt.isOwnFault(failure)) {
                attempt.inconclusive("TLS can't be set up: " + Wording.message(failure));
              }
            });
  }

  private void shake(SocketChannel channel, SslContext context, Runnable done) {
    var handler =
        context.newHandler(
            channel.alloc(),
            name.orElseGet(() -> Endpoint.literal(attempt.at.address())),
            attempt.at.port());
    // The attempt has a timer of its own.
    handler.setHandshakeTimeoutMillis(0);
    setParameters(handler);
    var handshake = handler.handshakeFuture();
    handshake.addListener(_ -> {
      if (attempt.hasEnded()) {
        return;
      }
      if (!handshake.isSuccess()) {
        failed(handshake.cause());
      } else if (isInForce(handler) && isAgreed(handler)) {
        done.run();
      }
    });
    channel.pipeline().addFirst(handler);
    channel.config().setAutoRead(true);
  }

  /**
   * Says whether the certificate is valid today; if not, ends the attempt. The JDK doesn't ask that
   * of a certificate that is itself in the file of those who are trusted.
   */
  private boolean isInForce(SslHandler handler) {
    if (!tls.isVerified()) {
      return true;
    }
    try {
      if (handler.engine().getSession().getPeerCertificates()[0] instanceof X509Certificate own) {
        own.checkValidity();
      }
      return true;
    } catch (CertificateException | SSLPeerUnverifiedException invalid) {
      failed(invalid);
      return false;
    }
  }

  private boolean isAgreed(SslHandler handler) {
    var agreed = handler.engine().getApplicationProtocol();
    if (protocol.isEmpty() || protocol.get().equals(agreed)) {
      return true;
    }
    var found = agreed == null || agreed.isEmpty() ? "none" : Wording.quoted(agreed);
    attempt.fail("application protocol " + found, protocol.get() + " by ALPN");
    return false;
  }

  private void setParameters(SslHandler handler) {
    var engine = handler.engine();
    var parameters = engine.getSSLParameters();
    parameters.setEndpointIdentificationAlgorithm(tls.isVerified() ? "HTTPS" : "");
    parameters.setServerNames(
        tls.isServerNameSent() && name.isPresent()
            ? List.of(new SNIHostName(name.get()))
            : List.of());
    protocol.ifPresent(each -> parameters.setApplicationProtocols(new String[] {each}));
    engine.setSSLParameters(parameters);
  }

  private void failed(Throwable cause) {
    if (attempt.isOwnFault(cause)) {
      return;
    }
    var who = name.orElseGet(() -> Endpoint.literal(attempt.at.address()));
    attempt.fail(TlsWording.failure(cause), tls.isVerified() ? expected(who) : "a TLS handshake");
  }

  private String expected(String who) {
    return "a certificate for "
        + who
        + " by "
        + tls.certificateAuthority()
            .map(file -> "an authority of " + file)
            .orElse("an authority that this JVM trusts");
  }
}
