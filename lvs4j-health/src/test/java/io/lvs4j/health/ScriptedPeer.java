package io.lvs4j.health;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.lvs4j.api.Endpoint;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;

/** A server on loopback that does with each connection what its script says. */
public final class ScriptedPeer implements AutoCloseable {
  /** What happens on one connection, which is closed when it ends. */
  @FunctionalInterface
  public interface Script {
    void play(Connection connection) throws Exception;
  }

  private final ServerSocket listener;
  private final Script script;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final AtomicInteger accepted = new AtomicInteger();
  private final ScheduledExecutorService clock =
      Executors.newSingleThreadScheduledExecutor(Thread.ofVirtual().factory());

  private ScriptedPeer(ServerSocket listener, InetSocketAddress address, Script script)
      throws IOException {
    this.listener = listener;
    this.script = script;
    listener.setReuseAddress(true);
    listener.bind(address);
    Thread.ofVirtual().start(this::accept);
  }

  /** Returns a peer on a free port. */
  public static ScriptedPeer playing(Script script) throws IOException {
    return on(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), script);
  }

  /** Returns a peer at this address. */
  public static ScriptedPeer on(InetSocketAddress address, Script script) throws IOException {
    return new ScriptedPeer(new ServerSocket(), address, script);
  }

  /** Returns a peer on a free port that speaks TLS first. */
  public static ScriptedPeer overTls(SSLContext context, Script script) throws IOException {
    return new ScriptedPeer(
        context.getServerSocketFactory().createServerSocket(),
        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
        script);
  }

  /** Returns a peer that reads a request and answers it with this text. */
  public static ScriptedPeer answering(String answer) throws IOException {
    return playing(connection -> {
      connection.readRequest();
      connection.send(answer);
    });
  }

  public Endpoint endpoint() {
    return new Endpoint(listener.getInetAddress(), listener.getLocalPort());
  }

  /** Returns how many connections have been accepted so far. */
  public int accepted() {
    return accepted.get();
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        var socket = listener.accept();
        accepted.incrementAndGet();
        open.add(socket);
        Thread.ofVirtual().start(() -> serve(socket));
      } catch (IOException closed) {
        if (!listener.isClosed()) {
          throw new UncheckedIOException(closed);
        }
      }
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      socket.setTcpNoDelay(true);
      script.play(new Connection(socket));
    } catch (IOException gone) {
      // The other side may close at any moment: that is what most scripts are about.
      open.remove(socket);
    } catch (Exception broken) {
      throw new IllegalStateException("a script failed", broken);
    } finally {
      open.remove(socket);
    }
  }

  @Override
  public void close() throws IOException {
    listener.close();
    for (var socket : open) {
      socket.close();
    }
    clock.shutdownNow();
  }

  /** The peer's side of one connection. */
  public final class Connection {
    private final Socket socket;

    private Connection(Socket socket) {
      this.socket = socket;
    }

    /** Returns where the other side sends from. */
    public InetSocketAddress client() {
      return (InetSocketAddress) socket.getRemoteSocketAddress();
    }

    /** Reads until the blank line that ends the headers, and returns all of it. */
    public String readRequest() throws IOException {
      InputStream in = socket.getInputStream();
      var request = new StringBuilder();
      while (request.indexOf("\r\n\r\n") < 0) {
        int octet = in.read();
        if (octet < 0) {
          throw new IOException("closed after: " + request);
        }
        request.append((char) octet);
      }
      return request.toString();
    }

    /** Reads one line, without its end. */
    public String readLine() throws IOException {
      var line = new StringBuilder();
      int octet = socket.getInputStream().read();
      while (octet >= 0 && octet != '\n') {
        if (octet != '\r') {
          line.append((char) octet);
        }
        octet = socket.getInputStream().read();
      }
      if (octet < 0) {
        throw new IOException("closed after: " + line);
      }
      return line.toString();
    }

    /** Insists on a certificate of the other side, before the handshake. */
    public void requireClientCertificate() {
      ((SSLSocket) socket).setNeedClientAuth(true);
    }

    /** Returns the TLS session of a peer that speaks it. */
    public SSLSession tls() {
      return ((SSLSocket) socket).getSession();
    }

    public void send(String text) throws IOException {
      send(text.getBytes(US_ASCII));
    }

    public void send(byte[] bytes) throws IOException {
      socket.getOutputStream().write(bytes);
    }

    /** Sends one byte after the other, each after such a pause. */
    public void sendSlowly(String text, Duration pause) throws Exception {
      for (byte octet : text.getBytes(US_ASCII)) {
        try {
          clock
              .schedule(
                  () -> {
                    send(new byte[] {octet});
                    return octet;
                  },
                  pause.toNanos(),
                  TimeUnit.NANOSECONDS)
              .get();
        } catch (ExecutionException failed) {
          throw new IOException(failed);
        }
      }
    }

    /** Sends until the other side has had enough. */
    public void sendForever(String text) throws IOException {
      while (true) {
        send(text);
      }
    }

    /** Waits until there is more to read than one byte, which is all that it reads. */
    public void awaitSomething() throws IOException {
      var _ = socket.getInputStream().read();
    }

    /** Ends this side's half; the other side may go on. */
    public void shutdownOutput() throws IOException {
      socket.shutdownOutput();
    }

    /** Ends the connection with a RST. */
    public void reset() throws IOException {
      socket.setSoLinger(true, 0);
      socket.close();
    }

    /** Waits for this, or until the other side closes. */
    public void await(CountDownLatch latch) throws InterruptedException {
      latch.await();
    }

    /** Keeps the connection until the other side closes it; says how: by FIN or by RST. */
    public boolean awaitOrderlyClose() {
      try {
        socket.getInputStream().transferTo(OutputStream.nullOutputStream());
        return true;
      } catch (IOException reset) {
        return false;
      }
    }
  }
}
