// What a control call answers when it cannot do what was asked.
export class Refusal extends Error {
  constructor(status, code, detail) {
    super(detail);
    Object.assign(this, { status, code });
  }
}

export const unprocessable = (detail) => new Refusal(422, 'unprocessable', detail);
