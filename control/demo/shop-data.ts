/**
 * The demo shop's tables and rows: invented people, card numbers from the ranges reserved for tests. Idempotent: a database
 * that has the tables already keeps what is in them.
 */

export const SHOP_SQL = `
create table if not exists customers (
  id integer primary key,
  name text not null,
  email text not null,
  ssn text not null,
  city text not null
);
create table if not exists payments (
  id integer primary key,
  customer_id integer not null references customers (id),
  amount_cents integer not null,
  card_number text not null,
  paid_at timestamptz not null
);
create table if not exists audit_log (
  id integer primary key,
  at timestamptz not null,
  actor text not null,
  event text not null
);
insert into customers values
  (1, 'Ada Birch', 'ada.birch@example.com', '078-05-1120', 'Lisbon'),
  (2, 'Ben Cole', 'ben.cole@example.com', '219-09-9999', 'Oslo'),
  (3, 'Cleo Dean', 'cleo.dean@example.org', '457-55-5462', 'Turin')
on conflict do nothing;
insert into payments values
  (10, 1, 1999, '4111111111111111', '2026-03-01T10:00:00Z'),
  (11, 1, 4500, '5555555555554444', '2026-03-09T12:30:00Z'),
  (12, 3, 250, '378282246310005', '2026-04-02T08:15:00Z')
on conflict do nothing;
insert into audit_log values
  (1, '2026-03-01T10:00:00Z', 'shop', 'payment 10 accepted'),
  (2, '2026-03-09T12:30:00Z', 'shop', 'payment 11 accepted')
on conflict do nothing;
`;

export interface ShopPayment {
  readonly id: number;
  readonly amount_cents: number;
  readonly card_number: string;
}

export interface ShopCustomer {
  readonly id: number;
  readonly name: string;
  readonly email: string;
  readonly city: string;
  readonly payments: readonly ShopPayment[];
}

/** The same people as the HTTP service serves them. */
export const SHOP_CUSTOMERS: readonly ShopCustomer[] = [
  {
    id: 1,
    name: 'Ada Birch',
    email: 'ada.birch@example.com',
    city: 'Lisbon',
    payments: [
      { id: 10, amount_cents: 1999, card_number: '4111111111111111' },
      { id: 11, amount_cents: 4500, card_number: '5555555555554444' },
    ],
  },
  { id: 2, name: 'Ben Cole', email: 'ben.cole@example.com', city: 'Oslo', payments: [] },
  {
    id: 3,
    name: 'Cleo Dean',
    email: 'cleo.dean@example.org',
    city: 'Turin',
    payments: [{ id: 12, amount_cents: 250, card_number: '378282246310005' }],
  },
];
