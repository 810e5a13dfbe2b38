#include "node/runnerlocation.h"

#include <QCoreApplication>
#include <QDir>
#include <QFileInfo>
#include <QStandardPaths>

using namespace Qt::Literals::StringLiterals;

namespace cloudnode {

Result<QString> findRunner()
{
    const QString name = u"cloudnode-runner"_s;
    const QDir here(QCoreApplication::applicationDirPath());
    const QStringList folders = {here.path(), here.filePath(u"../libexec/cloudnode"_s),
                                 QStringLiteral(CLOUDNODE_LIBEXEC_DIR)};
    QString found = QStandardPaths::findExecutable(name, folders);
    if (found.isEmpty())
        found = QStandardPaths::findExecutable(name);
    if (found.isEmpty())
        return fail(u"cloudnode-runner was not found"_s, folders.join(u", "_s),
                    u"Install cloudnode completely; without its runner no workload can be started."_s);
    return QFileInfo(found).absoluteFilePath();
}

} // namespace cloudnode
