package io.lvs4j.core.proxy;

import io.netty.util.NetUtil;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * A listening socket at which all loops accept.
 *
 * <p>It is one socket for all and not one each (SO_REUSEPORT): the kernel would deal connections to
 * sockets by a hash, also to a loop that is busy while another one has nothing to do. And it would
 * let other processes of the same user share the address without a word.
 */
final class EpollListener implements SocketTransport.Listener {
  private final EpollSocket socket;
  private final List<ProxyLoop> loops;
  private final List<EpollAcceptor> acceptors;

  private EpollListener(EpollSocket socket, List<ProxyLoop> loops, TcpService service) {
    this.socket = socket;
    this.loops = loops;
    this.acceptors =
        loops.stream().map(loop -> new EpollAcceptor(socket, loop, loops, service)).toList();
  }

  /** Binds, listens and begins to accept. */
  static EpollListener open(InetSocketAddress address, List<ProxyLoop> loops, TcpService service)
      throws IOException {
    var socket = EpollSocket.open(address.getAddress());
    try {
      socket.setReuseAddress(true);
      // Accepted sockets inherit it.
      socket.setTcpNoDelay(true);
      socket.bind(address);
      socket.listen(NetUtil.SOMAXCONN);
    } catch (IOException e) {
      socket.close();
      throw e;
    }
    var listener = new EpollListener(socket, loops, service);
    for (int i = 0; i < loops.size(); i++) {
      loops.get(i).execute(listener.acceptors.get(i)::start);
    }
    return listener;
  }

  @Override
  public CompletionStage<?> close() {
    var stopped = new CompletableFuture<?>[loops.size()];
    for (int i = 0; i < stopped.length; i++) {
      stopped[i] = loops.get(i).run(acceptors.get(i)::stop);
    }
    // Once it is closed its number may be another socket's, so no loop may know it any more.
    return CompletableFuture.allOf(stopped).thenRun(this::closeSocket);
  }

  private void closeSocket() {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
