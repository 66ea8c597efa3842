-- A clinic whose tables began as spreadsheets. Two schemas; hardly a key.
CREATE SCHEMA clinic;
CREATE SCHEMA billing;

CREATE TABLE clinic.patients (
    patient_id integer PRIMARY KEY,
    first_name text,
    last_name text,
    date_of_birth date,
    age integer,
    gender varchar(10),
    phone1 text,
    phone2 text,
    phone3 text,
    email text,
    street text,
    zip_code text,
    city text,
    allergy_ids integer[]
);

CREATE TABLE clinic.visits (
    visit_id integer PRIMARY KEY,
    patient_id integer,
    patient_last_name text,
    visit_date text,
    doctor_name text,
    doctor_phone text,
    doctor_specialty text,
    diagnosis_codes text,
    "Room" text
);

CREATE TABLE clinic.referrals (
    referral_id integer NOT NULL,
    visit_id integer NOT NULL,
    doctor_name text,
    doctor_phone text,
    doctor_specialty text,
    is_urgent boolean DEFAULT false
);

CREATE TABLE clinic.attachments (
    id uuid PRIMARY KEY,
    owner_type text NOT NULL CHECK (owner_type IN ('patient', 'visit')),
    owner_id integer NOT NULL,
    file_name text NOT NULL
);

CREATE TABLE billing.invoices (
    id integer PRIMARY KEY,
    visit_id integer REFERENCES clinic.visits,
    status text DEFAULT 'open',
    amount text
);

CREATE TABLE billing.invoice_lines (
    invoice_id integer NOT NULL,
    line_no integer NOT NULL,
    quantity integer NOT NULL CHECK (quantity > 0),
    unit_price numeric NOT NULL CHECK (unit_price >= 0),
    total numeric NOT NULL CHECK (total >= 0),
    PRIMARY KEY (invoice_id, line_no)
);
ALTER TABLE billing.invoice_lines
    ADD CONSTRAINT invoice_lines_invoice_id_fkey FOREIGN KEY (invoice_id) REFERENCES billing.invoices NOT VALID;

INSERT INTO clinic.patients (patient_id, last_name) VALUES (1, 'Silva'), (2, 'Roy');
INSERT INTO clinic.visits (visit_id, patient_id, patient_last_name, doctor_name, doctor_phone, diagnosis_codes)
VALUES (1, 1, 'Silva', 'Dr. Ito', '1', 'J10; J11'), (2, 2, 'Roy', 'Dr. Ito', '1', 'A01,B02'), (3, 1, 'Silva', 'Dr. Ito', '2', 'A01');
INSERT INTO clinic.attachments VALUES ('6a2f41a3-c54c-4e9b-8d1b-3f4c5d6e7f80', 'visit', 1, 'scan.png');
