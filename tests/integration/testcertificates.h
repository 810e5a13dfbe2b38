#pragma once

#include <QFile>
#include <QProcess>
#include <QSslCertificate>
#include <QSslKey>
#include <QTemporaryDir>

/// Certificate authorities and what they have signed, made on the spot by the openssl program.
class TestCertificates {
public:
    /// A new authority called `name`.
    bool makeAuthority(const QString &name)
    {
        return make(name, {QStringLiteral("-x509")}, QStringLiteral("basicConstraints=critical,CA:TRUE"));
    }

    /// A certificate for the hosts in `names`, such as "DNS:localhost,IP:127.0.0.1".
    bool makeCertificate(const QString &name, const QString &authority, const QString &names)
    {
        return make(
            name,
            {QStringLiteral("-CA"), certificatePath(authority), QStringLiteral("-CAkey"), keyPath(authority)},
            QStringLiteral("subjectAltName=") + names);
    }

    /// The same, but it was valid until yesterday only.
    bool makeExpiredCertificate(const QString &name, const QString &authority, const QString &names)
    {
        const QString request = m_folder.filePath(name + QStringLiteral(".csr"));
        const QStringList keeping = {QStringLiteral("-copy_extensions"), QStringLiteral("copyall")};
        return makeCertificate(name, authority, names) &&
               run(QStringList{QStringLiteral("x509"), QStringLiteral("-x509toreq"), QStringLiteral("-in"),
                               certificatePath(name), QStringLiteral("-signkey"), keyPath(name),
                               QStringLiteral("-out"), request} +
                   keeping) &&
               run(QStringList{QStringLiteral("x509"), QStringLiteral("-req"), QStringLiteral("-in"), request,
                               QStringLiteral("-CA"), certificatePath(authority), QStringLiteral("-CAkey"),
                               keyPath(authority), QStringLiteral("-CAcreateserial"), QStringLiteral("-days"),
                               QStringLiteral("-1"), QStringLiteral("-out"), certificatePath(name)} +
                   keeping);
    }

    QString certificatePath(const QString &name) const
    {
        return m_folder.filePath(name + QStringLiteral(".pem"));
    }
    QString keyPath(const QString &name) const { return m_folder.filePath(name + QStringLiteral(".key")); }

    QList<QSslCertificate> certificates(const QString &name) const
    {
        return QSslCertificate::fromPath(certificatePath(name));
    }
    QSslKey key(const QString &name) const
    {
        QFile file(keyPath(name));
        return file.open(QIODevice::ReadOnly) ? QSslKey(&file, QSsl::Ec) : QSslKey();
    }

private:
    bool make(const QString &name, const QStringList &issuer, const QString &extension)
    {
        QFile configuration(m_folder.filePath(QStringLiteral("openssl.cnf")));
        if (!configuration.open(QIODevice::WriteOnly))
            return false;
        configuration.write("[req]\ndistinguished_name=subject\n[subject]\n");
        configuration.close();
        QStringList arguments = {QStringLiteral("req"), QStringLiteral("-config"), configuration.fileName()};
        arguments += issuer;
        arguments += {QStringLiteral("-newkey"),
                      QStringLiteral("ec"),
                      QStringLiteral("-pkeyopt"),
                      QStringLiteral("ec_paramgen_curve:prime256v1"),
                      QStringLiteral("-nodes"),
                      QStringLiteral("-days"),
                      QStringLiteral("2"),
                      QStringLiteral("-subj"),
                      QStringLiteral("/CN=") + name,
                      QStringLiteral("-addext"),
                      extension,
                      QStringLiteral("-keyout"),
                      keyPath(name),
                      QStringLiteral("-out"),
                      certificatePath(name)};
        return run(arguments);
    }

    static bool run(const QStringList &arguments)
    {
        QProcess openssl;
        openssl.setProcessChannelMode(QProcess::ForwardedErrorChannel);
        openssl.start(QStringLiteral("openssl"), arguments);
        return openssl.waitForFinished() && openssl.exitCode() == 0;
    }

    QTemporaryDir m_folder;
};
