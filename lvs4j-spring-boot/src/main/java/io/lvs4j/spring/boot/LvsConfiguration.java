package io.lvs4j.spring.boot;

import io.lvs4j.api.VirtualServer;
import io.lvs4j.api.vrrp.SyncGroup;
import io.lvs4j.api.vrrp.VrrpInstance;
import java.util.List;
import java.util.Map;

/**
 * What the properties, the keepalived.conf and the beans of an application ask for.
 *
 * @param properties the properties themselves
 * @param virtualServers by name: that of the properties or of the bean, or their address where they
 *     are from a keepalived.conf
 * @param instances the VRRP instances
 * @param groups the sync groups
 * @param relay hands the events on
 * @param problems what is wrong
 */
record LvsConfiguration(
    Lvs4jProperties properties,
    Map<String, VirtualServer> virtualServers,
    List<VrrpInstance> instances,
    List<SyncGroup> groups,
    EventRelay relay,
    PropertyProblems problems) {}
