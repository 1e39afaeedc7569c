package io.lvs4j.lab.ipvs;

import io.lvs4j.lab.network.Host;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** A server of TCP on a host that talks with one client after another as it is told to. */
public final class StreamBackend implements CheckedBackend {
  /** What is said to a client. */
  public interface Talk {
    void with(BufferedReader client, Answer answer, boolean well) throws IOException;
  }

  /** Where answers go. */
  public interface Answer {
    void say(String text) throws IOException;

    /** Says it after a while, unless the server is closed before. */
    void after(Duration delay, String text) throws IOException;
  }

  private final Host host;
  private final int port;
  private final Optional<SSLContext> tls;
  private final Talk talk;
  private final CountDownLatch closed = new CountDownLatch(1);
  private volatile Mood mood = Mood.GONE;
  private @Nullable ServerSocket listener;

  StreamBackend(Host host, int port, Optional<SSLContext> tls, Talk talk) {
    this.host = host;
    this.port = port;
    this.tls = tls;
    this.talk = talk;
    be(Mood.WELL);
  }

  /** Accepts, and says nothing: enough for whoever only wants to connect. */
  static StreamBackend silent(Host host, int port) {
    return new StreamBackend(host, port, Optional.empty(), (_, _, _) -> {});
  }

  /** Answers any request of HTTP with a page, or another one. */
  public static StreamBackend web(
      Host host, int port, Optional<SSLContext> tls, String page, String otherPage) {
    return new StreamBackend(
        host,
        port,
        tls,
        (client, answer, well) -> {
          request(client);
          answer.say(page(200, well ? page : otherPage));
        });
  }

  /** Answers requests of HTTP, but of one path with status 500 while it isn't well. */
  static StreamBackend web(Host host, int port, String path) {
    return new StreamBackend(
        host,
        port,
        Optional.empty(),
        (client, answer, well) -> {
          boolean bad = !well && request(client).startsWith("GET " + path + " ");
          answer.say(page(bad ? 500 : 200, "ready"));
        });
  }

  /** Hears requests of HTTP, and never answers one while it isn't well. */
  static StreamBackend stalling(Host host, int port) {
    return new StreamBackend(
        host,
        port,
        Optional.empty(),
        (client, answer, well) -> {
          request(client);
          if (well) {
            answer.say(page(200, "ready"));
          } else {
            // Until the client has gone.
            request(client);
          }
        });
  }

  /** Answers requests of HTTP a little late, and while it isn't well much later. */
  static StreamBackend late(Host host, int port, Duration little, Duration much) {
    return new StreamBackend(
        host,
        port,
        Optional.empty(),
        (client, answer, well) -> {
          request(client);
          answer.after(well ? little : much, page(200, "ready"));
        });
  }

  private static String page(int status, String body) {
    return "HTTP/1.0 %d As Told\r\nContent-Length: %d\r\n\r\n%s"
        .formatted(status, body.length(), body);
  }

  /** Reads a request to the end of its header, and returns its first line. */
  private static String request(BufferedReader client) throws IOException {
    var first = client.readLine();
    var line = first;
    while (line != null && !line.isEmpty()) {
      line = client.readLine();
    }
    return first == null ? "" : first;
  }

  /** Greets as a mail server does, or sends its clients away. */
  static StreamBackend mail(Host host, int port) {
    return new StreamBackend(
        host,
        port,
        Optional.empty(),
        (client, answer, well) -> {
          answer.say(well ? "220 lab ready\r\n" : "554 lab has no service\r\n");
          for (var line = client.readLine(); line != null; line = client.readLine()) {
            boolean last = line.startsWith("QUIT");
            answer.say(last ? "221 bye\r\n" : "250 lab\r\n");
            if (last) {
              return;
            }
          }
        });
  }

  @Override
  public synchronized void be(Mood wanted) {
    mood = wanted;
    try {
      if (wanted == Mood.GONE) {
        if (listener != null) {
          listener.close();
          listener = null;
        }
      } else if (listener == null) {
        var opened = host.call(this::open);
        listener = opened;
        Thread.ofPlatform().daemon().name("backend-" + port).start(() -> accept(opened));
      }
    } catch (IOException e) {
      throw new UncheckedIOException("backend " + port, e);
    }
  }

  private ServerSocket open() throws IOException {
    var socket =
        tls.isPresent()
            ? tls.get().getServerSocketFactory().createServerSocket()
            : new ServerSocket();
    socket.setReuseAddress(true);
    socket.bind(new InetSocketAddress(port));
    return socket;
  }

  private void accept(ServerSocket from) {
    while (!from.isClosed()) {
      try {
        var client = from.accept();
        Thread.ofVirtual().start(() -> answer(client));
      } catch (IOException ended) {
        // Closed, or the client was gone before it was accepted.
      }
    }
  }

  private void answer(Socket client) {
    try (client;
        var lines =
            new BufferedReader(
                new InputStreamReader(client.getInputStream(), StandardCharsets.US_ASCII))) {
      talk.with(lines, new SocketAnswer(client), mood == Mood.WELL);
    } catch (IOException gone) {
      // The client had heard enough.
    }
  }

  private final class SocketAnswer implements Answer {
    private final Socket client;

    SocketAnswer(Socket client) {
      this.client = client;
    }

    @Override
    public void say(String text) throws IOException {
      client.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
    }

    @Override
    public void after(Duration delay, String text) throws IOException {
      try {
        if (!closed.await(delay.toMillis(), TimeUnit.MILLISECONDS)) {
          say(text);
        }
      } catch (InterruptedException ended) {
        Thread.currentThread().interrupt();
      }
    }
  }

  @Override
  public void close() {
    closed.countDown();
    be(Mood.GONE);
  }
}
