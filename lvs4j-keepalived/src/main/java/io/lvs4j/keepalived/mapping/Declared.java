package io.lvs4j.keepalived.mapping;

import io.lvs4j.api.Tls;
import io.lvs4j.api.vrrp.Tracker;
import io.lvs4j.keepalived.script.NotifyFifo;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a file declares elsewhere and checkers refer to; complete before they are read. */
final class Declared {
  /** The blocks {@code track_file}, by their names. */
  final Map<String, Tracker> trackFiles = new LinkedHashMap<>();

  /** How SSL_GET speaks TLS: keepalived verifies nothing. */
  Tls tls = Tls.withoutVerification();

  /** Whether checkers log every failure unless they say otherwise. */
  boolean allFailuresLogged;

  /** The named pipes that VRRP's events are written to. */
  final List<NotifyFifo> vrrpFifos = new ArrayList<>();

  /** The named pipes that the events of servers are written to. */
  final List<NotifyFifo> serverFifos = new ArrayList<>();

  /** How many real servers have been read, those of a group once for each of its addresses. */
  long realServers;

  /** Whether changes of priority are written to pipes, unless an instance says otherwise. */
  boolean prioritiesTold;

  /** Whether real servers that are up at the start are told of. */
  boolean toldAtStart;
}
