/* SPDX-License-Identifier: Apache-2.0 */
#include "rule_bench.h"

#define ROW(value, verdict, sure, rest)                                                                                \
    "{value: " value ", verdict: " verdict ", sure: " sure ", source: x, asOf: 2026-11-22, " rest "}"
#define CLASS(driver, parameters)                                                                                      \
    "{apiVersion: storage.k8s.io/v1, kind: StorageClass, provisioner: " driver ", parameters: {" parameters "}}"
#define ATTRIBUTES(driver, parameters)                                                                                 \
    "{apiVersion: storage.k8s.io/v1, kind: VolumeAttributesClass, driverName: " driver ", parameters: {" parameters "}}"
#define VOLUME(driver, attributes)                                                                                     \
    "{apiVersion: v1, kind: PersistentVolume, spec: {csi: {driver: " driver ", volumeAttributes: {" attributes "}}}}"
#define PLAIN(source) "{apiVersion: v1, kind: PersistentVolume, spec: {" source "}}"

static const char drivers[] =
    ROW("ebs", "strict", "A", "encryption: parameters, ignoreCase: true, parameters: [{name: encrypted, values: ['true']}]") "," ROW(
        "rbd.csi", "allow",
        "A", "encryption: parameters, anyPrefix: true, parameters: [{name: encrypted, values: ['true']}]") "," ROW("lin"
                                                                                                                   "sto"
                                                                                                                   "r",
                                                                                                                   "all"
                                                                                                                   "ow",
                                                                                                                   "A",
                                                                                                                   "enc"
                                                                                                                   "ryp"
                                                                                                                   "tio"
                                                                                                                   "n: "
                                                                                                                   "par"
                                                                                                                   "ame"
                                                                                                                   "ter"
                                                                                                                   "s, "
                                                                                                                   "par"
                                                                                                                   "ame"
                                                                                                                   "ter"
                                                                                                                   "s: "
                                                                                                                   "[{"
                                                                                                                   "nam"
                                                                                                                   "e: "
                                                                                                                   "lay"
                                                                                                                   "ers"
                                                                                                                   ", "
                                                                                                                   "tok"
                                                                                                                   "en:"
                                                                                                                   " lu"
                                                                                                                   "ks}"
                                                                                                                   ", "
                                                                                                                   "{na"
                                                                                                                   "me:"
                                                                                                                   " en"
                                                                                                                   "cry"
                                                                                                                   "pti"
                                                                                                                   "on,"
                                                                                                                   " va"
                                                                                                                   "lue"
                                                                                                                   "s: "
                                                                                                                   "['"
                                                                                                                   "tru"
                                                                                                                   "e']"
                                                                                                                   "}]") "," ROW("proxmox", "allow", "A", "encryption: parameters, parameters: [{name: secret}]") "," ROW("rumour", "allow", "C", "encryption: parameters, parameters: [{name: encrypted, values: ['true']}]") "," ROW("efs",
                                                                                                                                                                                                                                                                                                                                       "allow",
                                                                                                                                                                                                                                                                                                                                       "A", "note: on the file system, encryption: not-visible, forbidden: [{name: encryptInTransit, values: ['false']}]") "," ROW("fsx", "allow", "A", "encryption: always, forbidden: [{name: plain, values: ['true']}]") "," ROW("poor",
                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                    "warn",
                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                    "A", "encryption: always") "," ROW("nfs", "deny", "A",
                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                       "encryption: never") "," ROW("smb",
                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                    "deny",
                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                    "C",
                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                    "encryption: never");

static void begin(struct bench *b, const char *options)
{
    bench_begin(b, &rule_storage_encryption);
    bench_facts(b, "storage-drivers", drivers);
    bench_must_compile(b, options);
}

struct row {
    const char *object, *summary;
};

static void run(const char *options, enum level level, const struct row *rows, size_t count)
{
    struct bench b;

    begin(&b, options);
    for (size_t i = 0; i < count; i++) {
        bench_check(&b, rows[i].object, level);
        if (strcmp(bench_summary(&b), rows[i].summary) != 0)
            fail_msg("%s\ngives: %s", rows[i].object, bench_summary(&b));
    }
    bench_end(&b);
}

static void classes_that_do_not_ask_for_encryption_are_violations(void **state UNUSED)
{
    static const struct row rows[] = {
        { CLASS("ebs", "type: gp2"), "violation /parameters/encrypted" },
        { CLASS("ebs", "encrypted: 'false'"), "violation /parameters/encrypted" },
        { CLASS("ebs", "encrypted: ''"), "violation /parameters/encrypted" },
        { CLASS("ebs", "encrypted: 'true', Encrypted: 'false'"), "violation /parameters/Encrypted" },
        { CLASS("ebs", "Encrypted: 'false', encrypted: 'true'"), "violation /parameters/Encrypted" },
        { "{apiVersion: storage.k8s.io/v1, kind: StorageClass, provisioner: ebs}", "violation /parameters/encrypted" },
        { CLASS("rbd.csi", "Encrypted: 'true'"), "violation /parameters/encrypted" },
        { CLASS("linstor", "layers: drbd storage, encryption: 'true'"), "violation /parameters/layers" },
        { CLASS("linstor", "layers: drbd luksy storage, encryption: 'true'"), "violation /parameters/layers" },
        { CLASS("linstor", "layers: luks storage"), "violation /parameters/encryption" },
        { CLASS("proxmox", "secret: ''"), "violation /parameters/secret" },
        { CLASS("nfs", "encrypted: 'true'"), "violation /provisioner" },
        { CLASS("smb", ""), "violation /provisioner warns" },
        { CLASS("rumour", ""), "violation /parameters/encrypted warns" },
        { CLASS("efs", "encryptInTransit: 'false'"), "violation /parameters/encryptInTransit" },
        { CLASS("fsx", "plain: 'true'"), "violation /parameters/plain" },
        { CLASS("poor", ""), "violation /provisioner warns" },
    };

    run("drivers: ['@storage-drivers']", LEVEL_STANDARD, rows, ARRAY_LEN(rows));
}

static void what_cannot_be_seen_is_unknown(void **state UNUSED)
{
    static const struct row rows[] = {
        { CLASS("nobody.knows.it", "encrypted: 'true'"), "unknown /provisioner" },
        { CLASS("EBS", "encrypted: 'true'"), "unknown /provisioner" },
        { CLASS("ns.ebs", "encrypted: 'true'"), "unknown /provisioner" },
        { CLASS("a.b.rbd.csi", "encrypted: 'true'"), "unknown /provisioner" },
        { CLASS("nsrbd.csi", "encrypted: 'true'"), "unknown /provisioner" },
        { CLASS("efs", ""), "unknown /provisioner" },
        { CLASS("efs", "encryptInTransit: 'true'"), "unknown /provisioner" },
        { "{apiVersion: storage.k8s.io/v1, kind: StorageClass}", "unknown /provisioner" },
    };

    run("drivers: ['@storage-drivers']", LEVEL_STANDARD, rows, ARRAY_LEN(rows));
}

static void classes_that_encrypt_pass_at_their_level(void **state UNUSED)
{
    static const struct row rows[] = {
        { CLASS("ebs", "encrypted: 'true'"), "pass /provisioner" },
        { CLASS("ebs", "ENCRYPTED: 'True', encrypted: 'true'"), "pass /provisioner" },
        { CLASS("rbd.csi", "encrypted: 'true'"), "pass /provisioner" },
        { CLASS("rook-ceph.rbd.csi", "encrypted: 'true'"), "pass /provisioner" },
        { CLASS("rook-ceph.rbd.csi", ""), "violation /parameters/encrypted" },
        { CLASS("linstor", "layers: drbd luks storage, encryption: 'true'"), "pass /provisioner" },
        { CLASS("linstor", "layers: 'drbd,luks', encryption: 'true'"), "pass /provisioner" },
        { CLASS("proxmox", "secret: x"), "pass /provisioner" },
        { CLASS("fsx", "plain: 'false'"), "pass /provisioner" },
    };
    static const struct row strict[] = {
        { CLASS("ebs", "encrypted: 'true'"), "pass /provisioner" },
        { CLASS("rbd.csi", "encrypted: 'true'"), "violation /provisioner" },
        { CLASS("poor", ""), "violation /provisioner warns" },
    };

    run("drivers: ['@storage-drivers']", LEVEL_STANDARD, rows, ARRAY_LEN(rows));
    run("drivers: ['@storage-drivers']", LEVEL_STRICT, strict, ARRAY_LEN(strict));
}

static void attributes_classes_count_only_when_they_speak_of_encryption(void **state UNUSED)
{
    static const struct row rows[] = {
        { ATTRIBUTES("ebs", "iops: '3000'"), "pass /driverName" },
        { ATTRIBUTES("ebs", "encrypted: 'true'"), "pass /driverName" },
        { ATTRIBUTES("ebs", "Encrypted: 'false'"), "violation /parameters/Encrypted" },
        { ATTRIBUTES("efs", "encryptInTransit: 'false'"), "violation /parameters/encryptInTransit" },
        { ATTRIBUTES("linstor", "encryption: 'false'"), "violation /parameters/encryption" },
        { ATTRIBUTES("stranger", "iops: '3000'"), "pass /driverName" },
        { ATTRIBUTES("stranger", "serverSideEncryption: 'no'"), "unknown /driverName" },
    };

    run("drivers: ['@storage-drivers']", LEVEL_STANDARD, rows, ARRAY_LEN(rows));
}

static void volumes_pass_only_when_they_show_it(void **state UNUSED)
{
    static const struct row rows[] = {
        { VOLUME("ebs", ""), "unknown /spec/csi/driver" },
        { VOLUME("ebs", "encrypted: 'true'"), "pass /spec/csi/driver" },
        { VOLUME("fsx", ""), "pass /spec/csi/driver" },
        { VOLUME("fsx", "plain: 'true'"), "violation /spec/csi/volumeAttributes/plain" },
        { VOLUME("efs", ""), "unknown /spec/csi/driver" },
        { VOLUME("efs", "encryptInTransit: 'False'"), "violation /spec/csi/volumeAttributes/encryptInTransit" },
        { VOLUME("nfs", ""), "violation /spec/csi/driver" },
        { VOLUME("stranger", ""), "unknown /spec/csi/driver" },
        { PLAIN("hostPath: {path: /x}"), "" },
        { PLAIN("local: {path: /x}"), "" },
        { PLAIN("nfs: {server: s}"), "" },
        { PLAIN("hostPath: null, iscsi: {iqn: x}"), "unknown /spec/csi/driver" },
        { PLAIN(""), "unknown /spec/csi/driver" },
        { PLAIN("hostPath: {path: /x}, csi: {driver: nfs}"), "violation /spec/csi/driver" },
    };

    run("drivers: ['@storage-drivers']", LEVEL_STANDARD, rows, ARRAY_LEN(rows));
}

static void the_shipped_drivers_are_the_default_and_a_literal_always_encrypts(void **state UNUSED)
{
    static const struct row literal[] = {
        { CLASS("mine.example", ""), "pass /provisioner" },
        { CLASS("ebs", "encrypted: 'true'"), "unknown /provisioner" },
    };

    struct bench b;

    begin(&b, "");
    bench_check(&b, CLASS("ebs", "encrypted: 'true'"), LEVEL_STANDARD);
    assert_string_equal(bench_summary(&b), "pass /provisioner");
    bench_end(&b);
    run("drivers: [mine.example]", LEVEL_STRICT, literal, ARRAY_LEN(literal));
}

static void findings_say_what_to_set(void **state UNUSED)
{
    struct bench b;
    const struct finding *f;

    begin(&b, "drivers: ['@storage-drivers']");
    f = bench_check(&b, CLASS("ebs", "type: gp2"), LEVEL_STANDARD);
    assert_null(f->found.p);
    assert_true(sv_eq(f->subject, SV("ebs")));
    assert_true(sv_eq(f->field, SV("encrypted")));
    assert_true(sv_eq(f->wanted, SV("encrypted: \"true\"")));
    bench_says(f, "an account-wide default cannot be seen");
    bench_says(f, "make a new class");
    f = bench_check(&b, CLASS("ebs", "encrypted: 'no'"), LEVEL_STANDARD);
    assert_true(sv_eq(f->found, SV("no")));
    f = bench_check(&b, CLASS("linstor", "layers: storage"), LEVEL_STANDARD);
    assert_true(sv_eq(f->wanted, SV("layers: [luks]")));
    f = bench_check(&b, ATTRIBUTES("ebs", "encrypted: 'no'"), LEVEL_STANDARD);
    assert_true(sv_eq(f->fix, SV("set encrypted: \"true\"")));
    f = bench_check(&b, CLASS("efs", ""), LEVEL_STANDARD);
    bench_says(f, "do not show whether it encrypts (on the file system)");
    bench_end(&b);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(classes_that_do_not_ask_for_encryption_are_violations),
        cmocka_unit_test(what_cannot_be_seen_is_unknown),
        cmocka_unit_test(classes_that_encrypt_pass_at_their_level),
        cmocka_unit_test(attributes_classes_count_only_when_they_speak_of_encryption),
        cmocka_unit_test(volumes_pass_only_when_they_show_it),
        cmocka_unit_test(the_shipped_drivers_are_the_default_and_a_literal_always_encrypts),
        cmocka_unit_test(findings_say_what_to_set),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
