/**
 * Names of the programs that only these scenarios have.
 */

/** A server that is not ours: it keeps to the order, and answers as its moods are. */
export const FOREIGN = 'rover-foreign';
/** A client that is not ours: it asks what it is told to, in any order. */
export const PEER = 'rover-peer';
/** Starts a program, and again when it has failed. */
export const INIT = 'rover-init';
/** Starts a CGI program for each request. */
export const HTTPD = 'rover-httpd';
/** Sends a signal. */
export const KILLER = 'rover-killer';
export const CROWD = 'rover-crowd';
