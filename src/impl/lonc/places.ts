/**
 * Where the files of a machine are. Spec: README.md, L7.
 */
import type { Settings } from './settings.ts';

export const socketPath = ({ lonSockDir }: Settings, peer: string): string => `${lonSockDir}/${peer}`;
export const delayedDirectory = ({ lonSockDir }: Settings): string => `${lonSockDir}/delayed`;
export const hostsTablePath = ({ lonTabDir }: Settings): string => `${lonTabDir}/hosts.tab`;
export const logPath = ({ lonDaemons }: Settings, daemon: 'lonc' | 'lond'): string => `${lonDaemons}/logs/${daemon}.log`;
export const pidPath = ({ lonDaemons }: Settings, daemon: 'lonc' | 'lond'): string => `${lonDaemons}/logs/${daemon}.pid`;
export const permanentLogPath = ({ lonDaemons }: Settings): string => `${lonDaemons}/logs/lonnet.perm.log`;
export const statusPath = ({ lonDocRoot }: Settings, daemon: 'lonc' | 'lond'): string => `${lonDocRoot}/lon-status/${daemon}status.txt`;
