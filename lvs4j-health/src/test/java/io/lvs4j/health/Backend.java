package io.lvs4j.health;

import static org.awaitility.Awaitility.await;

import io.lvs4j.api.Endpoint;
import java.io.IOException;

/** A server whose status the test changes. */
final class Backend implements AutoCloseable {
  volatile int status;
  final ScriptedPeer peer;

  Backend(int status) throws IOException {
    this.status = status;
    this.peer =
        ScriptedPeer.playing(connection -> {
          connection.readRequest();
          connection.send("HTTP/1.0 " + this.status + " So\r\n\r\n");
        });
  }

  Endpoint endpoint() {
    return peer.endpoint();
  }

  /** Waits until so many further checks have come. */
  void awaitChecks(int more) {
    int before = peer.accepted();
    await().until(() -> peer.accepted() >= before + more);
  }

  @Override
  public void close() throws IOException {
    peer.close();
  }
}
