/**
 * A number as Perl prints it, which is what an image in network order holds of a double: 15 significant digits (C's `%.15g`).
 * Lacks: reading; Perl has a string then, and so do we.
 */

const DIGITS = 15;
/** More than any double has beyond the digits in question. */
const EXACT = 60;

/** `exact` gives as many digits as it takes to tell the number from all others, in the same form. */
export function numberText(value: number, exact = false): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? 'Inf' : '-Inf';
  if (Number.isSafeInteger(value)) return String(value + 0);
  const scientific = exact ? value.toExponential() : rounded(value);
  const split = scientific.indexOf('e');
  const exponent = Number(scientific.slice(split + 1));
  const sign = value < 0 ? '-' : '';
  const digits = scientific.slice(sign.length, split).replace('.', '').replace(/0+$/, '');
  if (exponent < -4 || exponent >= DIGITS) {
    const size = String(Math.abs(exponent)).padStart(2, '0');
    return `${sign}${digits[0]}${digits.length > 1 ? '.' : ''}${digits.slice(1)}e${exponent < 0 ? '-' : '+'}${size}`;
  }
  if (exponent < 0) return `${sign}0.${'0'.repeat(-exponent - 1)}${digits}`;
  const whole = digits.slice(0, exponent + 1).padEnd(exponent + 1, '0');
  const fraction = digits.slice(exponent + 1);
  return `${sign}${whole}${fraction === '' ? '' : '.'}${fraction}`;
}

/** Halves go to the even digit, as in C; `toExponential` has them go up. */
function rounded(value: number): string {
  const up = value.toExponential(DIGITS - 1);
  if (!/5e/.test(value.toExponential(DIGITS))) return up;
  const [mantissa = '', exponent = ''] = value.toExponential(EXACT).split('e');
  const kept = mantissa.length - EXACT + DIGITS - 1;
  const odd = Number(mantissa[kept - 1]) % 2 === 1;
  return odd || !/^50*$/.test(mantissa.slice(kept)) ? up : `${mantissa.slice(0, kept)}e${exponent}`;
}
