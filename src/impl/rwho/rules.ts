/** All that rwhod decides where the published sources decide otherwise (as-written.ts), corrected: the rules of its parts. */
import { CORRECTED_COMPLAINTS, type ComplaintRules } from './complaints.ts';
import { CORRECTED_NEIGHBOURS, type NeighbourRules } from './neighbours.ts';
import { CORRECTED_RECEIVER, type ReceiverRules } from './receiver.ts';
import { CORRECTED_SERVER, type ServerRules } from './server.ts';
import { CORRECTED_SPOOL, type SpoolRules } from './spool.ts';
import { CORRECTED_REPORT, type ReportRules } from './status.ts';

export interface Rules extends ServerRules, ReceiverRules, SpoolRules, NeighbourRules, ReportRules, ComplaintRules {}

export const CORRECTED: Rules = {
  ...CORRECTED_SERVER,
  ...CORRECTED_RECEIVER,
  ...CORRECTED_SPOOL,
  ...CORRECTED_NEIGHBOURS,
  ...CORRECTED_REPORT,
  ...CORRECTED_COMPLAINTS,
};
