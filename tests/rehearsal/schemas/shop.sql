-- A shop that grew: sound names and keys, and the usual omissions.
CREATE TABLE customers (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    email text NOT NULL,
    name text NOT NULL,
    address_line1 text,
    address_line2 text,
    created_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE categories (
    id integer PRIMARY KEY,
    parent_id integer REFERENCES categories,
    name text NOT NULL
);
CREATE INDEX categories_parent_id_idx ON categories (parent_id);

CREATE TABLE products (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    category_id integer NOT NULL REFERENCES categories,
    sku text NOT NULL,
    name text NOT NULL,
    price numeric(10, 2) NOT NULL,
    tags text,
    metadata jsonb
);
CREATE UNIQUE INDEX products_sku_key ON products (sku);
CREATE INDEX products_category_id_idx ON products (category_id);
CREATE INDEX products_category ON products (category_id);

CREATE TABLE orders (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    customer_id bigint NOT NULL REFERENCES customers,
    customer_email text,
    status text NOT NULL DEFAULT 'new',
    total double precision NOT NULL CHECK (total >= 0),
    created_at timestamp
);
CREATE INDEX orders_status_idx ON orders (status);
CREATE INDEX orders_status_created_at_idx ON orders (status, created_at);

CREATE TABLE order_items (
    order_id bigint NOT NULL REFERENCES orders,
    product_id bigint NOT NULL,
    quantity integer NOT NULL CHECK (quantity > 0),
    unit_price numeric(10, 2) NOT NULL CHECK (unit_price >= 0),
    PRIMARY KEY (order_id, product_id)
);

CREATE TABLE product_images (
    product_id bigint NOT NULL REFERENCES products,
    url text NOT NULL
);

CREATE TABLE events (
    happened_at timestamptz NOT NULL,
    stripe_event_id text,
    payload jsonb NOT NULL
);

INSERT INTO categories VALUES (1, NULL, 'Tools'), (2, 1, 'Saws');
INSERT INTO customers (email, name) SELECT 'c' || n || '@example.com', 'Customer ' || n FROM generate_series(1, 30) n;
INSERT INTO products (category_id, sku, name, price, tags, metadata)
SELECT 2, 'S-' || n, 'Saw ' || n, n, CASE WHEN n % 4 = 0 THEN 'steel' ELSE 'steel, sale, new' END,
       jsonb_build_object('colour', 'red', 'weight_g', n) FROM generate_series(1, 40) n;
INSERT INTO orders (customer_id, customer_email, total) SELECT n, 'c' || n || '@example.com', n FROM generate_series(1, 30) n;
INSERT INTO events SELECT now(), NULL, CASE WHEN n % 2 = 0 THEN '{"a": 1}'::jsonb ELSE '{"b": 1}' END
FROM generate_series(1, 30) n;
