package io.lvs4j.api;

/**
 * A listener that is told what keepalived 2.2.7 tells its scripts. Other listeners hear of changes
 * only, and of quorum that is missing at the start. This one hears when a virtual server begins to
 * be served:
 *
 * <ul>
 *   <li>{@link DirectorEvent.QuorumUp} where quorum is there from the start, with or without {@link
 *       VirtualServer.Builder#notifyAtStart()};
 *   <li>{@link DirectorEvent.QuorumDown} where it is missing and the sorry server takes over, and
 *       nothing where it is missing and there is no sorry server;
 *   <li>{@link DirectorEvent.RealServerDown} of a real server that begins down ({@link
 *       VirtualServer.Builder#alpha()}), when its first check finds it so.
 * </ul>
 *
 * <p>The scripts of a keepalived.conf are such listeners. A lambda becomes one by a cast.
 */
@FunctionalInterface
public interface KeepalivedListener extends DirectorListener {}
