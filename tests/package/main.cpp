#include <QCoreApplication>
#include <QTextStream>

#include <cloudnode/node/cloudnode.h>
#include <cloudnode/node/exitcodes.h>

using namespace Qt::Literals::StringLiterals;

namespace {

int complain(const cloudnode::Error &error)
{
    QTextStream(stderr) << error.text() << Qt::endl;
    return cloudnode::exitcode::cannotStart;
}

} // namespace

/// example file PATH | env | explicit API_URL MQTT_PORT STATE_DIR: the three ways to configure a node.
int main(int argc, char *argv[])
{
    QCoreApplication application(argc, argv);
    const QStringList words = QCoreApplication::arguments();
    const QString way = words.value(1);
    if (way == u"explicit"_s) {
        cloudnode::NodeConfig config;
        config.apiToken = u"sandbox-token"_s;
        config.apiUrl = QUrl(words.value(2));
        config.mqttHost = u"127.0.0.1"_s;
        config.mqttPort = words.value(3).toUShort();
        config.stateDir = words.value(4);
        config.inference = u"echo hello {body}"_s;
        return cloudnode::CloudNode(config, u"by-hand"_s).run();
    }
    auto node = way == u"file"_s ? cloudnode::CloudNode::fromConfigFile(words.value(2), u"by-file"_s)
                                 : cloudnode::CloudNode::fromEnv(u"by-env"_s);
    return node ? (*node)->run() : complain(node.error());
}
