// Why the house cannot start, in one sentence for whoever started it.
import { existsSync } from 'node:fs';

export class Failure extends Error {}

/** Turns what the system says into that sentence; other errors are ours and keep their stack. */
export function explain(error) {
  if (error instanceof Failure) return error.message;
  if (error.code === 'ENOSPC') return `The disk is full (${error.path ?? 'while writing'}).`;
  if (error.code === 'EROFS') return `${error.path} is on a read-only file system.`;
  if (error.code === 'EACCES' || error.code === 'EPERM') return `No permission for ${error.path ?? error.syscall}.`;
  if (error.syscall) return `${error.path ?? error.syscall} cannot be used: ${error.code}.`;
  return error.stack;
}

const POSTGRES = ['/usr/lib/postgresql/15/bin', '/usr/lib/postgresql/16/bin', '/usr/lib/postgresql/17/bin'];
const PLACES = ['/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin', ...POSTGRES];

/** The absolute path of a program of the system, or a Failure that names its package. */
export function program(name, debianPackage) {
  const place = PLACES.find((dir) => existsSync(`${dir}/${name}`));
  if (!place) throw new Failure(`The package ${debianPackage} is missing: install what scripts/packages.txt names.`);
  return `${place}/${name}`;
}
