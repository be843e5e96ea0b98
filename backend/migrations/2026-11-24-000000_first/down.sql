DROP TABLE known_devices;
DROP TABLE login_throttle;
DROP TABLE sessions;
DROP TABLE mail_queue;
DROP TABLE temporary_passwords;
DROP TABLE reset_links;
DROP TABLE accounts;
