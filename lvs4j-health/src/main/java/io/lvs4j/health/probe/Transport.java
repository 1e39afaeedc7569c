package io.lvs4j.health.probe;

import io.netty.channel.IoHandlerFactory;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.socket.nio.NioSocketChannel;

/** The kinds of sockets that attempts can be made with. */
enum Transport {
  EPOLL {
    @Override
    IoHandlerFactory ioHandler() {
      return EpollIoHandler.newFactory();
    }

    @Override
    SocketChannel newChannel() {
      return new EpollSocketChannel();
    }

    @Override
    DatagramChannel newDatagramChannel(SocketProtocolFamily family) {
      return new EpollDatagramChannel(family);
    }
  },
  NIO {
    @Override
    IoHandlerFactory ioHandler() {
      return NioIoHandler.newFactory();
    }

    @Override
    SocketChannel newChannel() {
      return new NioSocketChannel();
    }

    @Override
    DatagramChannel newDatagramChannel(SocketProtocolFamily family) {
      return new NioDatagramChannel(family);
    }
  };

  /** Returns epoll on a Linux that can load its native library, and NIO elsewhere. */
  static Transport best() {
    return Epoll.isAvailable() ? EPOLL : NIO;
  }

  abstract IoHandlerFactory ioHandler();

  /** Opens a socket; throws {@link io.netty.channel.ChannelException} when there is none left. */
  abstract SocketChannel newChannel();

  /** Opens a UDP socket; throws {@link io.netty.channel.ChannelException} if none is left. */
  abstract DatagramChannel newDatagramChannel(SocketProtocolFamily family);
}
