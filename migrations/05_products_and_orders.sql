-- What a business sells, and what its customers ordered.

CREATE TABLE products (
    product_id UUID PRIMARY KEY DEFAULT gen_random_uuid(),
    business_id UUID NOT NULL REFERENCES businesses (business_id) ON DELETE CASCADE,
    product_name TEXT NOT NULL,
    description TEXT,
    price NUMERIC(14, 2),
    currency TEXT,
    kind TEXT NOT NULL DEFAULT 'product' CHECK (kind IN ('product', 'service')),
    sku TEXT,
    metadata JSONB NOT NULL DEFAULT '{}',
    created_at TIMESTAMPTZ NOT NULL DEFAULT clock_timestamp(),
    updated_at TIMESTAMPTZ NOT NULL DEFAULT clock_timestamp(),
    UNIQUE (business_id, product_id),
    CONSTRAINT products_sku_key UNIQUE (business_id, sku)
);
CREATE INDEX products_of_business ON products (business_id, created_at, product_id);
CREATE INDEX products_of_kind ON products (business_id, kind, created_at, product_id);

CREATE TABLE orders (
    order_id UUID PRIMARY KEY DEFAULT gen_random_uuid(),
    business_id UUID NOT NULL REFERENCES businesses (business_id) ON DELETE CASCADE,
    user_id UUID NOT NULL CONSTRAINT orders_user_id_fkey REFERENCES users (user_id) ON DELETE CASCADE,
    order_number TEXT NOT NULL,
    status TEXT NOT NULL DEFAULT 'placed',
    items JSONB NOT NULL DEFAULT '[]',
    order_total NUMERIC(14, 2),
    currency TEXT,
    shipping_address TEXT,
    billing_address TEXT,
    payment_method TEXT,
    tracking_number TEXT,
    shipping_carrier TEXT,
    order_date TIMESTAMPTZ NOT NULL DEFAULT clock_timestamp(),
    created_at TIMESTAMPTZ NOT NULL DEFAULT clock_timestamp(),
    updated_at TIMESTAMPTZ NOT NULL DEFAULT clock_timestamp(),
    UNIQUE (business_id, order_id),
    CONSTRAINT orders_order_number_key UNIQUE (business_id, order_number)
);
CREATE INDEX orders_of_business ON orders (business_id, created_at, order_id);
CREATE INDEX orders_of_user ON orders (user_id, business_id, order_date);
CREATE INDEX orders_of_user_in_order ON orders (business_id, user_id, created_at, order_id);
CREATE INDEX orders_in_status ON orders (business_id, status, created_at, order_id);
