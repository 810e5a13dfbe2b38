#pragma once

#include "config/configloader.h"

#include <QObject>
#include <QStringList>
#include <QTemporaryDir>

#include <memory>

namespace cloudnode::test {

/// What lies around on one machine.
struct World {
    QByteArray yml = {};
    QStringList environment = {}; ///< "NAME=value"
    QByteArray workingDotEnv = {};
    QByteArray homeDotEnv = {};
    QByteArray systemDotEnv = {};
    QByteArray credentials = {};
    QByteArray identity = {};
    QStringList flags = {}; ///< "slug=x"
};

/// A configuration file with these lines, below the specification's wrapper key in line 1.
QByteArray inFile(const QByteArray &lines);
QStringList texts(const QList<Error> &errors);

/// What the tests of loadConfig() share: for each a new machine, with the folders `work`, `home` and
/// `system`.
class ConfigTest : public QObject {
    Q_OBJECT

private slots:
    void init();

protected:
    QString path(const QString &name) const { return m_root->filePath(name); }
    void write(const QString &name, const QByteArray &data) const;
    /// Writes the world's files, and asks as a program in `work` would.
    ConfigRequest request(const World &world = {}) const;
    Result<LoadedConfig> load(const World &world) const { return loadConfig(request(world)); }

private:
    std::unique_ptr<QTemporaryDir> m_root;
};

} // namespace cloudnode::test

Q_DECLARE_METATYPE(cloudnode::test::World)
